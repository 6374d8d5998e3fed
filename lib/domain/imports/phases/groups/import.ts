import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { appOnlyToken } from '#lib/microsoft/entra/app-only-token.ts';
import {
  type GraphLicensedGroup,
  listGroupsWithLicenseErrors,
  listLicensedGroups,
  listMembersWithLicenseErrors,
} from '#lib/microsoft/graph/groups.ts';
import { READS_GROUPS } from '../../../tenants/capabilities.ts';
import type { ActiveRun } from '../../active-run.ts';
import { rollUp } from '../users/figures.ts';
import { readUserScope } from '../users/scope.ts';
import { type GroupWithErrors, mapErrors, mapGroup } from './map.ts';
import { renewStaleUsers } from './stale-users.ts';
import { writeGroups } from './write.ts';

/**
 * Reads the groups that give licences, and who did not get theirs. The permission is optional: where the tenant did
 * not grant it, nothing is asked.
 */
export async function importGroups(run: ActiveRun): Promise<Result<undefined>> {
  const missing = await missingPermission(run);
  if (missing) return fail(missing);
  const listed = await listLicensedGroups(graphOf(run), run.callOptions('groups'));
  if (!listed.ok) return listed;
  const scope = await readUserScope(run.pool, run.lease);
  const keepsErrors = !scope.switchedOff.includes('licenseAssignmentStates');
  const groups = await withErrors(run, listed.value, keepsErrors);
  if (!groups.ok) return groups;
  const renewed = await renewStaleUsers(run, groups.value, scope);
  if (!renewed.ok) return renewed;
  const { length } = groups.value;
  const importedAt = run.ctx.clock();
  await run.endPhase('groups', async (client) => {
    const { written, retired } = await writeGroups(client, run.lease.tenantId, {
      groups: groups.value.map(mapGroup),
      errors: keepsErrors ? groups.value.flatMap(mapErrors) : undefined,
      importedAt,
    });
    if (renewed.value > 0) await rollUp(client, run.lease.tenantId, importedAt);
    return {
      state: 'completed',
      received: length,
      expected: length,
      written: written + renewed.value,
      retired,
    };
  });
  return ok(undefined);
}

const graphOf = (run: ActiveRun) => run.ctx.microsoft.graph(run.claim.directoryId);

/** What the run's own token says; one that cannot be read says nothing, and then Microsoft decides. */
async function missingPermission(run: ActiveRun): Promise<Problem | undefined> {
  const token = await appOnlyToken(run.ctx.microsoft.entra, {
    ...run.callOptions('groups'),
    registration: 'graph',
    resource: 'graph',
    directoryId: run.claim.directoryId,
  });
  if (!token.ok) return token.problem;
  const { roles } = token.value;
  const mayRead = roles.length === 0 || READS_GROUPS.some((permission) => roles.includes(permission));
  return mayRead ? undefined : { code: 'permission-missing', permission: READS_GROUPS[0] };
}

/** Asks those groups for their failing members that have some; none where it is not to be kept how licences came. */
async function withErrors(
  run: ActiveRun,
  groups: readonly GraphLicensedGroup[],
  keepsErrors: boolean,
): Promise<Result<GroupWithErrors[]>> {
  if (!keepsErrors) return ok(groups.map((group) => ({ group, members: undefined })));
  if (groups.length === 0) return ok([]);
  const failing = await listGroupsWithLicenseErrors(graphOf(run), run.callOptions('groups'));
  if (!failing.ok) return failing;
  const asked = groups.filter(({ id }) => failing.value?.has(id) ?? true);
  const answers = await listMembersWithLicenseErrors(
    graphOf(run),
    asked.map(({ id }) => id),
    run.callOptions('groups'),
  );
  const members = new Map(asked.map(({ id }, index) => [id, answers[index]]));
  const found: GroupWithErrors[] = [];
  for (const group of groups) {
    const answer = members.get(group.id) ?? ok([]);
    if (answer.ok) found.push({ group, members: answer.value });
    // The group went meanwhile, or its members are hidden even from whoever may read groups.
    else if (answer.problem.code === 'resource-not-found') continue;
    else if (answer.problem.code === 'permission-missing') found.push({ group, members: undefined });
    else return answer;
  }
  return ok(found);
}
