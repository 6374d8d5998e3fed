import { exportUsers } from '#lib/domain/users/export.ts';
import { UserFilter } from '#lib/domain/users/model.ts';
import { csvResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/** The users that the filter of the address means, as a file. */
export const GET = route(UserFilter, async (ctx, filter) => {
  const file = await exportUsers(ctx, filter);
  return file.ok ? csvResponse(file.value.fileName, file.value.chunks) : problemResponse(file.problem);
});
