import { z } from 'zod';
import { FlowId, TenantId } from '#lib/core/ids.ts';
import { receiptCsv, receiptJson } from '#lib/domain/delegation/receipt-file.ts';
import { getReceipt } from '#lib/domain/delegation/receipts.ts';
import { csvResponse, jsonFileResponse, problemResponse } from '#lib/web/responses.ts';
import { route } from '#lib/web/route.ts';

const Export = z.object({ id: TenantId, flowId: FlowId, format: z.enum(['json', 'csv']).catch('json') });

/** A consent receipt as a file for the customer's records. */
export const GET = route(Export, async (ctx, { id, flowId, format }) => {
  const receipt = await getReceipt(ctx, flowId);
  if (!receipt.ok) return problemResponse(receipt.problem);
  if (receipt.value.delegation.tenantId !== id)
    return problemResponse({ code: 'not-found', entity: 'receipt' });
  const name = `consent-receipt-${flowId}`;
  if (format === 'json') return jsonFileResponse(`${name}.json`, receiptJson(receipt.value));
  return csvResponse(`${name}.csv`, one(receiptCsv(receipt.value)));
});

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}
