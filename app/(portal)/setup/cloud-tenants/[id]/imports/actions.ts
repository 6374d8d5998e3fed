'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { RunId, TenantId } from '#lib/core/ids.ts';
import { cancelImport } from '#lib/domain/imports/cancel.ts';
import { retryImport } from '#lib/domain/imports/retry.ts';
import { startImport } from '#lib/domain/imports/start.ts';
import { action } from '#lib/web/action.ts';
import { importPath, tenantPath } from '../../paths.ts';

export const startImportAction = action(
  z.object({ tenantId: TenantId, full: z.literal('1').optional() }),
  async (ctx, { tenantId, full }) => {
    const result = await startImport(ctx, { tenantId, trigger: 'manual', full: full !== undefined });
    if (result.ok) revalidatePath(tenantPath(tenantId), 'layout');
    return result;
  },
);

export const cancelImportAction = action(
  z.object({ tenantId: TenantId, runId: RunId }),
  async (ctx, { tenantId, runId }) => {
    const result = await cancelImport(ctx, { tenantId, runId });
    if (result.ok) revalidatePath(tenantPath(tenantId), 'layout');
    return result;
  },
);

/** Leads to the import that it has started. */
export const retryImportAction = action(
  z.object({ tenantId: TenantId, runId: RunId }),
  async (ctx, { tenantId, runId }) => {
    const result = await retryImport(ctx, { tenantId, runId });
    if (!result.ok) return result;
    revalidatePath(tenantPath(tenantId), 'layout');
    redirect(importPath(tenantId, result.value.runId));
  },
);
