-- CreateEnum
CREATE TYPE "billing_state" AS ENUM ('activation_required', 'verifying', 'connected', 'waiting_for_data', 'cannot_connect', 'unsupported', 'could_not_check');

-- CreateTable
CREATE TABLE "billing_account" (
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "agreement_type" TEXT NOT NULL,
    "account_type" TEXT,
    "display_name" TEXT,
    "relationships" TEXT[],
    "state" "billing_state" NOT NULL DEFAULT 'activation_required',
    "problem" JSONB,
    "proof" JSONB,
    "checked_at" TIMESTAMPTZ(3),
    "role_since" TIMESTAMPTZ(3),
    "assigned_by" TEXT,
    "assigned_at" TIMESTAMPTZ(3),
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_account_pkey" PRIMARY KEY ("tenant_id","name")
);

-- AddForeignKey
ALTER TABLE "billing_account" ADD CONSTRAINT "billing_account_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Enrollment numbers that were given when a tenant was added.
INSERT INTO "billing_account" ("tenant_id", "name", "agreement_type", "relationships", "added_by", "added_at")
SELECT "id", "enrollment_number", 'EnterpriseAgreement', '{}', "bound_by_person", "bound_at"
FROM "tenant" WHERE "kind" = 'azure' AND "agreement" = 'ea' AND "enrollment_number" <> '';
