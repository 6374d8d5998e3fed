-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "last_check" JSONB,
ADD COLUMN     "next_check_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "azure_subscription" ADD COLUMN     "role_check" JSONB;
