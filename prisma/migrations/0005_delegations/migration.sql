-- CreateTable
CREATE TABLE "delegation" (
    "flow_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "subject" JSONB NOT NULL,
    "signed_in_as" TEXT,
    "signed_in_object_id" UUID,
    "access_token" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_why" TEXT,

    CONSTRAINT "delegation_pkey" PRIMARY KEY ("flow_id")
);

-- CreateTable
CREATE TABLE "delegated_call" (
    "flow_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "method" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "status" INTEGER,
    "request_id" TEXT,
    "problem" JSONB,
    "duration_ms" INTEGER,
    "role_change" JSONB,

    CONSTRAINT "delegated_call_pkey" PRIMARY KEY ("flow_id","id")
);

-- CreateIndex
CREATE INDEX "delegation_tenant_id_created_at_idx" ON "delegation"("tenant_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "delegation_person_id_idx" ON "delegation"("person_id");

-- CreateIndex
CREATE INDEX "delegation_expires_at_idx" ON "delegation"("expires_at");

-- CreateIndex
CREATE INDEX "delegated_call_flow_id_at_idx" ON "delegated_call"("flow_id", "at");

-- AddForeignKey
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "consent_flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegated_call" ADD CONSTRAINT "delegated_call_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "delegation"("flow_id") ON DELETE CASCADE ON UPDATE CASCADE;
