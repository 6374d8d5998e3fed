import { RemovalReference } from '#lib/domain/lifecycle/model.ts';
import { receiptFile } from '#lib/domain/lifecycle/receipt-file.ts';
import { fileResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

/** The receipt of a removal, for the customer's records. */
export const GET = route(RemovalReference, async (ctx, input) => {
  const file = await receiptFile(ctx, input);
  return file.ok
    ? fileResponse(file.value.fileName, 'application/json', file.value.text)
    : problemResponse(file.problem);
});
