-- CreateTable
CREATE TABLE "limit_counter" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "limit_counter_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "limit_counter_ends_at_idx" ON "limit_counter"("ends_at");
