-- CreateEnum
CREATE TYPE "access_token_state" AS ENUM ('valid', 'expired', 'refused', 'wrong_enrollment', 'could_not_check');

-- CreateEnum
CREATE TYPE "notice_subject" AS ENUM ('access_token');

-- CreateEnum
CREATE TYPE "notice_kind" AS ENUM ('expiry');

-- CreateTable
CREATE TABLE "access_token" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "enrollment_number" TEXT NOT NULL,
    "encrypted_key" BYTEA,
    "last_four" TEXT NOT NULL,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "state" "access_token_state" NOT NULL,
    "problem" JSONB,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "next_check_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "subject" "notice_subject" NOT NULL,
    "subject_id" UUID NOT NULL,
    "kind" "notice_kind" NOT NULL,
    "days_before" INTEGER NOT NULL,
    "happens_at" TIMESTAMPTZ(3) NOT NULL,
    "label" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "access_token_tenant_id_added_at_idx" ON "access_token"("tenant_id", "added_at");

-- CreateIndex
CREATE INDEX "access_token_next_check_at_idx" ON "access_token"("next_check_at");

-- CreateIndex
CREATE INDEX "notice_organization_id_tenant_id_idx" ON "notice"("organization_id", "tenant_id");

-- CreateIndex
CREATE INDEX "notice_tenant_id_idx" ON "notice"("tenant_id");

-- CreateIndex
CREATE UNIQUE INDEX "notice_subject_id_kind_happens_at_days_before_key" ON "notice"("subject_id", "kind", "happens_at", "days_before");

-- AddForeignKey
ALTER TABLE "access_token" ADD CONSTRAINT "access_token_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
