import { z } from 'zod';
import { TenantId } from '#lib/core/ids.ts';
import { exportRuns } from '#lib/domain/imports/runs-file.ts';
import { csvResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/** The imports of a tenant as a file. */
export const GET = route(z.object({ id: TenantId }), async (ctx, { id }) => {
  const file = await exportRuns(ctx, { tenantId: id });
  return file.ok ? csvResponse(file.value.fileName, file.value.chunks) : problemResponse(file.problem);
});
