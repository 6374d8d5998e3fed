-- CreateEnum
CREATE TYPE "access_change_state" AS ENUM ('planned', 'working', 'done', 'failed', 'replaced');

-- CreateTable
CREATE TABLE "role_assignment" (
    "tenant_id" UUID NOT NULL,
    "role_scope" TEXT NOT NULL,
    "name" UUID NOT NULL,
    "role_definition_id" UUID NOT NULL,
    "principal_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "role_assignment_pkey" PRIMARY KEY ("tenant_id","role_scope","name")
);

-- CreateTable
CREATE TABLE "access_change" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "person_name" TEXT NOT NULL,
    "undoes" UUID,
    "flow_id" UUID,
    "queued_at" TIMESTAMPTZ(3),
    "lease_holder" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "access_change_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "access_change_item" (
    "tenant_id" UUID NOT NULL,
    "change_id" UUID NOT NULL,
    "subscription_id" UUID NOT NULL,
    "from_level" "access_level" NOT NULL,
    "to_level" "access_level" NOT NULL,
    "state" "access_change_state" NOT NULL,
    "step" TEXT,
    "plan" JSONB NOT NULL,
    "problem" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "verified_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_change_item_pkey" PRIMARY KEY ("tenant_id","change_id","subscription_id")
);

-- CreateIndex
CREATE INDEX "role_assignment_role_scope_name_idx" ON "role_assignment"("role_scope", "name");

-- CreateIndex
CREATE INDEX "access_change_tenant_id_created_at_idx" ON "access_change"("tenant_id", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "role_assignment" ADD CONSTRAINT "role_assignment_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_change" ADD CONSTRAINT "access_change_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_change_item" ADD CONSTRAINT "access_change_item_tenant_id_change_id_fkey" FOREIGN KEY ("tenant_id", "change_id") REFERENCES "access_change"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A subscription is changed by one plan at a time: two that go opposite ways would take away each other's roles.
CREATE UNIQUE INDEX "access_change_item_open_key" ON "access_change_item"("tenant_id", "subscription_id") WHERE "state" IN ('planned', 'working', 'failed');

-- The roles that onboarding gave before there was this record. One that somebody else had given has another name in
-- Azure, so that its line here leads to nothing.
INSERT INTO "role_assignment" ("tenant_id", "role_scope", "name", "role_definition_id", "principal_id", "created_at")
SELECT s."tenant_id", '/subscriptions/' || s."subscription_id", s."role_assignment_name",
       'acdd72a7-3385-48ef-bd42-f606fba81ae7', t."service_principal_id", coalesce(s."added_at", t."created_at")
  FROM "azure_subscription" s JOIN "tenant" t ON t."id" = s."tenant_id"
 WHERE s."status" = 'added' AND s."role_assignment_name" IS NOT NULL AND t."service_principal_id" IS NOT NULL;
