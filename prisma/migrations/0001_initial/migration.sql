-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "portal_role" AS ENUM ('owner', 'admin', 'viewer');

-- CreateEnum
CREATE TYPE "tenant_kind" AS ENUM ('azure', 'office365');

-- CreateEnum
CREATE TYPE "agreement" AS ENUM ('ea', 'mca', 'mpsa');

-- CreateEnum
CREATE TYPE "tenant_status" AS ENUM ('waiting_for_approval', 'verifying', 'connected', 'limited', 'activation_required', 'ea_api_migration_required', 'cannot_connect', 'could_not_check', 'disabled', 'removed');

-- CreateEnum
CREATE TYPE "access_level" AS ENUM ('resources', 'tags_in', 'tags_in_out');

-- CreateEnum
CREATE TYPE "azure_subscription_status" AS ENUM ('added', 'adding', 'found', 'failed');

-- CreateEnum
CREATE TYPE "flow_status" AS ENUM ('redirected', 'working', 'succeeded', 'failed');

-- CreateEnum
CREATE TYPE "flow_leg" AS ENUM ('admin_consent', 'sign_in');

-- CreateEnum
CREATE TYPE "run_status" AS ENUM ('running', 'completed', 'partial', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "run_trigger" AS ENUM ('onboarding', 'manual', 'schedule');

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "directory_id" UUID NOT NULL,
    "object_id" UUID NOT NULL,
    "display_name" TEXT NOT NULL,
    "user_name" TEXT NOT NULL,
    "session_version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_sign_in_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "organization_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "portal_role" "portal_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("organization_id","person_id")
);

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "kind" "tenant_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "directory_id" UUID NOT NULL,
    "domain" TEXT,
    "agreement" "agreement",
    "enrollment_number" TEXT,
    "status" "tenant_status" NOT NULL,
    "status_problem" JSONB,
    "capabilities" JSONB NOT NULL DEFAULT '{}',
    "status_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "service_principal_id" UUID,
    "bound_by_person" TEXT NOT NULL,
    "bound_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "azure_subscription" (
    "tenant_id" UUID NOT NULL,
    "subscription_id" UUID NOT NULL,
    "display_name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "quota_id" TEXT,
    "status" "azure_subscription_status" NOT NULL,
    "access_level" "access_level",
    "not_added_reason" JSONB,
    "role_assignment_name" UUID,
    "added_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "azure_subscription_pkey" PRIMARY KEY ("tenant_id","subscription_id")
);

-- CreateTable
CREATE TABLE "consent_flow" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" "tenant_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "directory_id" UUID NOT NULL,
    "domain" TEXT,
    "agreement" "agreement",
    "enrollment_number" TEXT,
    "status" "flow_status" NOT NULL,
    "steps" JSONB NOT NULL DEFAULT '[]',
    "problem" JSONB,
    "tenant_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_flow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent_redirect" (
    "state_hash" TEXT NOT NULL,
    "flow_id" UUID NOT NULL,
    "leg" "flow_leg" NOT NULL,
    "browser_hash" TEXT NOT NULL,
    "nonce" TEXT,
    "code_verifier" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "consent_redirect_pkey" PRIMARY KEY ("state_hash")
);

-- CreateTable
CREATE TABLE "directory_user" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "display_name" TEXT,
    "company_name" TEXT,
    "department" TEXT,
    "mail" TEXT,
    "given_name" TEXT,
    "surname" TEXT,
    "job_title" TEXT,
    "state" TEXT,
    "postal_code" TEXT,
    "street_address" TEXT,
    "city" TEXT,
    "preferred_language" TEXT,
    "usage_location" TEXT,
    "user_principal_name" TEXT,
    "office_location" TEXT,
    "on_premises_extension_attributes" TEXT,
    "country" TEXT,
    "user_type" TEXT,
    "account_enabled" BOOLEAN,
    "created_date_time" TIMESTAMPTZ(3),
    "manager_id" UUID,
    "sku_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "license_assignments" JSONB NOT NULL DEFAULT '[]',
    "content_hash" BYTEA NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "directory_user_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "subscribed_sku" (
    "tenant_id" UUID NOT NULL,
    "sku_id" UUID NOT NULL,
    "sku_part_number" TEXT NOT NULL,
    "capability_status" TEXT NOT NULL,
    "applies_to" TEXT,
    "enabled_units" INTEGER NOT NULL,
    "warning_units" INTEGER NOT NULL,
    "suspended_units" INTEGER NOT NULL,
    "locked_out_units" INTEGER NOT NULL,
    "consumed_units" INTEGER NOT NULL,
    "service_plans" JSONB NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscribed_sku_pkey" PRIMARY KEY ("tenant_id","sku_id")
);

-- CreateTable
CREATE TABLE "sku_snapshot" (
    "tenant_id" UUID NOT NULL,
    "sku_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "enabled_units" INTEGER NOT NULL,
    "warning_units" INTEGER NOT NULL,
    "suspended_units" INTEGER NOT NULL,
    "locked_out_units" INTEGER NOT NULL,
    "consumed_units" INTEGER NOT NULL,

    CONSTRAINT "sku_snapshot_pkey" PRIMARY KEY ("tenant_id","sku_id","day")
);

-- CreateTable
CREATE TABLE "import_run" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "trigger" "run_trigger" NOT NULL,
    "status" "run_status" NOT NULL,
    "phases" JSONB NOT NULL DEFAULT '[]',
    "checkpoint" JSONB,
    "problem" JSONB,
    "lease_holder" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_run_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "import_page" (
    "tenant_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "page_no" INTEGER NOT NULL,
    "user_ids" UUID[],

    CONSTRAINT "import_page_pkey" PRIMARY KEY ("tenant_id","run_id","page_no")
);

-- CreateTable
CREATE TABLE "worker_heartbeat" (
    "worker_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "beat_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_heartbeat_pkey" PRIMARY KEY ("worker_id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "entity_id" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "person_directory_id_object_id_key" ON "person"("directory_id", "object_id");

-- CreateIndex
CREATE INDEX "member_person_id_idx" ON "member"("person_id");

-- CreateIndex
CREATE INDEX "tenant_organization_id_directory_id_idx" ON "tenant"("organization_id", "directory_id");

-- CreateIndex
CREATE INDEX "consent_flow_organization_id_created_at_idx" ON "consent_flow"("organization_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "consent_flow_person_id_idx" ON "consent_flow"("person_id");

-- CreateIndex
CREATE INDEX "consent_flow_tenant_id_idx" ON "consent_flow"("tenant_id");

-- CreateIndex
CREATE INDEX "consent_redirect_flow_id_idx" ON "consent_redirect"("flow_id");

-- CreateIndex
CREATE INDEX "consent_redirect_expires_at_idx" ON "consent_redirect"("expires_at");

-- CreateIndex
CREATE INDEX "directory_user_tenant_id_manager_id_idx" ON "directory_user"("tenant_id", "manager_id");

-- CreateIndex
CREATE INDEX "import_run_tenant_id_created_at_idx" ON "import_run"("tenant_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "audit_event_organization_id_at_idx" ON "audit_event"("organization_id", "at" DESC);

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "azure_subscription" ADD CONSTRAINT "azure_subscription_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_flow" ADD CONSTRAINT "consent_flow_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_flow" ADD CONSTRAINT "consent_flow_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_flow" ADD CONSTRAINT "consent_flow_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_redirect" ADD CONSTRAINT "consent_redirect_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "consent_flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory_user" ADD CONSTRAINT "directory_user_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscribed_sku" ADD CONSTRAINT "subscribed_sku_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sku_snapshot" ADD CONSTRAINT "sku_snapshot_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_run" ADD CONSTRAINT "import_run_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_page" ADD CONSTRAINT "import_page_tenant_id_run_id_fkey" FOREIGN KEY ("tenant_id", "run_id") REFERENCES "import_run"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot say.

-- One connection of a directory for each kind; a removed one does not stand in the way of a new one.
CREATE UNIQUE INDEX "tenant_connected_key" ON "tenant"("organization_id", "directory_id", "kind") WHERE "removed_at" IS NULL;

-- Never two runs of one tenant at a time.
CREATE UNIQUE INDEX "import_run_running_key" ON "import_run"("tenant_id") WHERE "status" = 'running';

-- Search in names and addresses by any part of them, and the holders of a SKU.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX "directory_user_search_idx" ON "directory_user" USING gin ((lower(coalesce("display_name", '') || E'\n' || coalesce("user_principal_name", '') || E'\n' || coalesce("mail", ''))) gin_trgm_ops);
CREATE INDEX "directory_user_sku_ids_idx" ON "directory_user" USING gin ("sku_ids");

-- The order in which people read a column: without regard to case, letters with marks beside those without, what is
-- missing or blank last. Cut off, because a row of a B-tree has room for 2,700 bytes only. Always used with COLLATE "C",
-- so that every installation has the same order and an update of the system's collations does not break an index.
CREATE FUNCTION "sort_key"(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(nullif(left(lower(normalize(btrim(left($1, 200)), NFKD)), 100), ''), U&'\+10FFFF');

-- The user list: each order that it offers, and the filters that go with them.
CREATE INDEX "directory_user_name_idx" ON "directory_user" ("tenant_id", ("sort_key"("display_name") COLLATE "C"), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "directory_user_principal_name_idx" ON "directory_user" ("tenant_id", ("sort_key"("user_principal_name") COLLATE "C"), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "directory_user_department_idx" ON "directory_user" ("tenant_id", ("sort_key"("department") COLLATE "C"), ("sort_key"("display_name") COLLATE "C"), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "directory_user_country_idx" ON "directory_user" ("tenant_id", ("sort_key"("country") COLLATE "C"), ("sort_key"("display_name") COLLATE "C"), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "directory_user_type_idx" ON "directory_user" ("tenant_id", "user_type") WHERE "deleted_at" IS NULL;
CREATE INDEX "directory_user_enabled_idx" ON "directory_user" ("tenant_id", "account_enabled") WHERE "deleted_at" IS NULL;
