import { BreakdownQuery, exportBreakdown } from '#lib/domain/history/breakdown.ts';
import { csvResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/** Users and licences by department, country or company as a file. */
export const GET = route(BreakdownQuery, async (ctx, query) => {
  const file = await exportBreakdown(ctx, query);
  return file.ok ? csvResponse(file.value.fileName, file.value.chunks) : problemResponse(file.problem);
});
