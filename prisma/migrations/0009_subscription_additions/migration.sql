-- CreateEnum
CREATE TYPE "subscription_addition_state" AS ENUM ('begun', 'looking', 'choosing', 'adding', 'ended');

-- CreateEnum
CREATE TYPE "subscription_addition_result" AS ENUM ('waiting', 'adding', 'added', 'failed');

-- CreateTable
CREATE TABLE "management_group" (
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "access_level" "access_level" NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "management_group_pkey" PRIMARY KEY ("tenant_id","name")
);

-- CreateTable
CREATE TABLE "subscription_addition" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "flow_id" UUID,
    "state" "subscription_addition_state" NOT NULL,
    "problem" JSONB,
    "looked" INTEGER NOT NULL DEFAULT 0,
    "seen" INTEGER,
    "groups" JSONB NOT NULL DEFAULT '[]',
    "elevation" UUID,
    "group_name" TEXT,
    "access_level" "access_level" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_addition_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "subscription_addition_item" (
    "tenant_id" UUID NOT NULL,
    "addition_id" UUID NOT NULL,
    "subscription_id" UUID NOT NULL,
    "display_name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "quota_id" TEXT,
    "obstacle" JSONB,
    "is_added" BOOLEAN NOT NULL,
    "roles" JSONB NOT NULL,
    "is_chosen" BOOLEAN NOT NULL,
    "result" "subscription_addition_result",
    "how" TEXT,
    "problem" JSONB,

    CONSTRAINT "subscription_addition_item_pkey" PRIMARY KEY ("tenant_id","addition_id","subscription_id")
);

-- CreateIndex
CREATE INDEX "subscription_addition_flow_id_idx" ON "subscription_addition"("flow_id");

-- AddForeignKey
ALTER TABLE "management_group" ADD CONSTRAINT "management_group_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_addition" ADD CONSTRAINT "subscription_addition_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_addition_item" ADD CONSTRAINT "subscription_addition_item_tenant_id_addition_id_fkey" FOREIGN KEY ("tenant_id", "addition_id") REFERENCES "subscription_addition"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
