import { z } from 'zod';
import { RunId, TenantId } from '#lib/core/ids.ts';
import { certificateJson } from '#lib/domain/imports/certificate-file.ts';
import { getImport } from '#lib/domain/imports/queries.ts';
import { getTenant } from '#lib/domain/tenants/queries.ts';
import { jsonFileResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/** The certificate of an import as a file. */
export const GET = route(z.object({ id: TenantId, runId: RunId }), async (ctx, { id, runId }) => {
  const tenant = await getTenant(ctx, { tenantId: id });
  if (!tenant.ok) return problemResponse(tenant.problem);
  const found = await getImport(ctx, { tenantId: id, runId });
  if (!found.ok) return problemResponse(found.problem);
  const text = certificateJson(tenant.value.directoryId, found.value.run);
  return jsonFileResponse(`import-certificate-${runId}.json`, text);
});
