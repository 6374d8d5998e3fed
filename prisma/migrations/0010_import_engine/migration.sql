-- CreateEnum
CREATE TYPE "user_change_kind" AS ENUM ('added', 'changed', 'removed', 'restored');

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "history_days" INTEGER NOT NULL DEFAULT 400,
ADD COLUMN     "switched_off_fields" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "import_page" DROP CONSTRAINT "import_page_pkey",
ADD COLUMN     "range_no" INTEGER NOT NULL DEFAULT 0,
ADD CONSTRAINT "import_page_pkey" PRIMARY KEY ("tenant_id", "run_id", "range_no", "page_no");

-- CreateTable
CREATE TABLE "directory_sync" (
    "tenant_id" UUID NOT NULL,
    "users_delta_link" TEXT,
    "users_delta_at" TIMESTAMPTZ(3),
    "users_fields" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "full_read_at" TIMESTAMPTZ(3),
    "left_out" INTEGER NOT NULL DEFAULT 0,
    "mismatches" INTEGER NOT NULL DEFAULT 0,
    "sequential_until" TIMESTAMPTZ(3),

    CONSTRAINT "directory_sync_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "import_freshness" (
    "tenant_id" UUID NOT NULL,
    "phase" TEXT NOT NULL,
    "run_id" UUID NOT NULL,
    "fresh_at" TIMESTAMPTZ(3) NOT NULL,
    "method" TEXT NOT NULL,

    CONSTRAINT "import_freshness_pkey" PRIMARY KEY ("tenant_id","phase")
);

-- CreateTable
CREATE TABLE "directory_user_change" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "run_id" UUID NOT NULL,
    "kind" "user_change_kind" NOT NULL,
    "before" JSONB,
    "skus_added" UUID[] DEFAULT ARRAY[]::UUID[],
    "skus_removed" UUID[] DEFAULT ARRAY[]::UUID[],

    CONSTRAINT "directory_user_change_pkey" PRIMARY KEY ("tenant_id","id","changed_at")
);

-- CreateTable
CREATE TABLE "licence_figure" (
    "tenant_id" UUID NOT NULL,
    "dimension" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "sku_id" UUID NOT NULL,
    "from_day" DATE NOT NULL,
    "to_day" DATE,
    "users" INTEGER NOT NULL,

    CONSTRAINT "licence_figure_pkey" PRIMARY KEY ("tenant_id","dimension","value","sku_id","from_day")
);

-- CreateTable
CREATE TABLE "directory_subscription" (
    "tenant_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "commerce_subscription_id" TEXT,
    "sku_id" UUID NOT NULL,
    "sku_part_number" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "total_licenses" INTEGER NOT NULL,
    "is_trial" BOOLEAN,
    "owner_tenant_id" UUID,
    "created_date_time" TIMESTAMPTZ(3),
    "next_lifecycle_date_time" TIMESTAMPTZ(3),
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "directory_subscription_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "licensed_group" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "display_name" TEXT,
    "sku_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "is_dynamic" BOOLEAN NOT NULL DEFAULT false,
    "processing_state" TEXT,
    "members_with_errors" INTEGER,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "licensed_group_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "erased_person" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,
    "erased_by" TEXT NOT NULL,

    CONSTRAINT "erased_person_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "service_budget" (
    "quota" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "used" INTEGER NOT NULL,
    "paused_until" TIMESTAMPTZ(3),

    CONSTRAINT "service_budget_pkey" PRIMARY KEY ("quota")
);

-- CreateIndex
CREATE INDEX "directory_user_change_tenant_id_run_id_kind_id_idx" ON "directory_user_change"("tenant_id", "run_id", "kind", "id");

-- CreateIndex
CREATE INDEX "directory_user_change_tenant_id_changed_at_idx" ON "directory_user_change"("tenant_id", "changed_at");

-- CreateIndex
CREATE INDEX "directory_subscription_tenant_id_sku_id_idx" ON "directory_subscription"("tenant_id", "sku_id");

-- AddForeignKey
ALTER TABLE "directory_sync" ADD CONSTRAINT "directory_sync_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_freshness" ADD CONSTRAINT "import_freshness_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory_user_change" ADD CONSTRAINT "directory_user_change_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "licence_figure" ADD CONSTRAINT "licence_figure_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory_subscription" ADD CONSTRAINT "directory_subscription_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "licensed_group" ADD CONSTRAINT "licensed_group_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "erased_person" ADD CONSTRAINT "erased_person_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
