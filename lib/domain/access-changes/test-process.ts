/*
 * For tests: a process of its own that applies a change, to be killed at it.
 */
import { ChangeId, OrganizationId, TenantId } from '#lib/core/ids.ts';
import { createDatabase } from '#lib/db/database.ts';
import type { DatabaseTarget } from '#lib/db/target.ts';
import { quietLog } from '#lib/microsoft/testing.ts';
import { simulatorClients } from '../consent/testing.ts';
import { testServices } from '../testing.ts';
import { applyAccessChange } from './apply.ts';

/** What the process is told, as the JSON of its first argument. */
export type ProcessInput = {
  readonly target: DatabaseTarget;
  readonly microsoftUrl: string;
  readonly organizationId: string;
  readonly tenantId: string;
  readonly changeId: string;
  readonly token: string;
};

if (process.argv[1] === import.meta.filename) {
  const input = JSON.parse(process.argv[2] ?? '') as ProcessInput;
  const services = testServices(createDatabase(input.target, quietLog, 2), {
    microsoft: simulatorClients(input.microsoftUrl),
  });
  const organizationId = OrganizationId.parse(input.organizationId);
  await applyAccessChange(
    { ...services, actor: { type: 'job', job: 'change-access', organizationId } },
    {
      tenantId: TenantId.parse(input.tenantId),
      changeId: ChangeId.parse(input.changeId),
      arm: services.microsoft.armAsPerson(input.token),
    },
  );
  await services.database.close();
}
