-- Of those who have a manager only: without statistics, which the embedded database never takes, PostgreSQL took the
-- whole index for as good a way to one user as the key, and read the tenant for each.
DROP INDEX "directory_user_tenant_id_manager_id_idx";
CREATE INDEX "directory_user_manager_idx" ON "directory_user" ("tenant_id", "manager_id") WHERE "manager_id" IS NOT NULL;
