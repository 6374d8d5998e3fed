-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "users_known_from" DATE,
ADD COLUMN     "figures_until" TIMESTAMPTZ(3);

-- The figures that hold now; earlier ones are read by day and are many more.
CREATE INDEX "licence_figure_now_idx" ON "licence_figure"("tenant_id", "dimension", "sku_id") WHERE "to_day" IS NULL;
