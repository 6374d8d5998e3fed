-- CreateTable
CREATE TABLE "licence_error" (
    "tenant_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "sku_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "error" TEXT NOT NULL,

    CONSTRAINT "licence_error_pkey" PRIMARY KEY ("tenant_id","group_id","user_id","sku_id")
);

-- CreateIndex
CREATE INDEX "licence_error_tenant_id_user_id_idx" ON "licence_error"("tenant_id", "user_id");

-- AddForeignKey
ALTER TABLE "licence_error" ADD CONSTRAINT "licence_error_tenant_id_group_id_fkey" FOREIGN KEY ("tenant_id", "group_id") REFERENCES "licensed_group"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "licence_error" ADD CONSTRAINT "licence_error_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "directory_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
