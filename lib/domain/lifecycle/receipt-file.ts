import { ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { isLeft } from './microsoft-side.ts';
import type { RemovalReference } from './model.ts';
import { getRemoval } from './queries.ts';

/** The receipt of a removal as a file of JSON. Problems: forbidden, not-found. */
export async function receiptFile(
  ctx: Ctx,
  input: RemovalReference,
): Promise<Result<{ readonly fileName: string; readonly text: string }>> {
  const removal = await getRemoval(ctx, input);
  if (!removal.ok) return removal;
  const { value } = removal;
  const receipt = {
    receipt: 'tenant-removal',
    version: 1,
    id: value.removalId,
    tenant: {
      name: value.name,
      kind: value.kind,
      tenantId: value.directoryId,
      domain: value.domain ?? null,
    },
    state: value.state,
    removedAt: value.removedAt,
    removedBy: value.removedBy,
    eraseAt: value.eraseAt,
    restoredAt: value.restoredAt ?? null,
    restoredBy: value.restoredBy ?? null,
    erasedAt: value.erasedAt ?? null,
    atMicrosoft: {
      takenBack: value.microsoftSide.filter((thing) => !isLeft(thing)),
      left: value.microsoftSide.filter(isLeft),
      remedies: value.remedies,
    },
    erasedRows: value.erased,
  };
  const day = value.removedAt.toISOString().slice(0, 10);
  return ok({
    fileName: `removal-${value.directoryId}-${day}.json`,
    text: `${JSON.stringify(receipt, null, 2)}\n`,
  });
}
