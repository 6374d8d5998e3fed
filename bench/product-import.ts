import { z } from 'zod';
import { OrganizationId, RunId, TenantId } from '#lib/core/ids.ts';
import { runImport } from '#lib/domain/imports/run.ts';
import { runtime } from '#lib/runtime.ts';
import { measureOnCommand } from './trial.ts';

/** The other side of the reference: the product's own import of a run, as the worker does it, with its own runtime. */
const ids = z
  .object({ ORGANIZATION_ID: OrganizationId, TENANT_ID: TenantId, RUN_ID: RunId })
  .parse(process.env);

const { services, close } = runtime();
const actor = { type: 'job', job: 'bench', organizationId: ids.ORGANIZATION_ID } as const;
const { signal } = new AbortController();

await measureOnCommand(async () => {
  const outcome = await runImport(
    { ...services, actor },
    { tenantId: ids.TENANT_ID, runId: ids.RUN_ID, signal },
  );
  if (outcome !== 'ended') throw new Error(`The import did not end but is ${outcome}.`);
});
await close();
