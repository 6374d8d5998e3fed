import { exportPurchases } from '#lib/domain/licensing/export-purchases.ts';
import { LicenseQuery } from '#lib/domain/licensing/model.ts';
import { csvResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/** The purchases of a tenant, or of all, as a file. */
export const GET = route(LicenseQuery, async (ctx, { tenant }) => {
  const file = await exportPurchases(ctx, { tenantId: tenant });
  return file.ok ? csvResponse(file.value.fileName, file.value.chunks) : problemResponse(file.problem);
});
