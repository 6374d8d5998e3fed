-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "erase_at" TIMESTAMPTZ(3),
ADD COLUMN     "erase_started_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "azure_subscription" ADD COLUMN     "gone_since" TIMESTAMPTZ(3),
ADD COLUMN     "missing_since" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "tenant_removal" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "former_tenant_id" UUID NOT NULL,
    "kind" "tenant_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "directory_id" UUID NOT NULL,
    "domain" TEXT,
    "microsoft_side" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),
    "removed_by" TEXT,
    "erase_at" TIMESTAMPTZ(3),
    "restored_at" TIMESTAMPTZ(3),
    "restored_by" TEXT,
    "erased" JSONB NOT NULL DEFAULT '{}',
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "tenant_removal_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "tenant_removal_organization_id_former_tenant_id_idx" ON "tenant_removal"("organization_id", "former_tenant_id");

-- AddForeignKey
ALTER TABLE "tenant_removal" ADD CONSTRAINT "tenant_removal_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
