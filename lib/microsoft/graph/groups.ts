import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { readAllPages } from './all-pages.ts';
import { readBatch } from './batch.ts';
import { type GraphClient, type GraphQuery, shaped } from './client.ts';
import { collectionOf, listed, NullableText } from './collection.ts';
import { type LicenseAssignmentState, readUserRows } from './user-row.ts';

const PERMISSION = 'GroupMember.Read.All';
/** The most that Graph allows. */
const PAGE_SIZE = 999;

/** A group with the licences that it gives to its members. */
export const GraphLicensedGroup = z.object({
  id: Guid,
  displayName: NullableText,
  assignedLicenses: listed(z.object({ skuId: Guid })),
  /** `QueuedForProcessing`, `ProcessingInProgress`, `ProcessingComplete`; an unknown word is kept as it came. */
  licenseProcessingState: z
    .object({ state: NullableText })
    .nullish()
    .transform((processing) => processing?.state ?? null),
  /** `DynamicMembership` where a rule says who is a member. */
  groupTypes: listed(z.string()),
});
export type GraphLicensedGroup = z.infer<typeof GraphLicensedGroup>;

/**
 * Ways to ask for groups that give licences. Microsoft documents the filter on collections like this one as an advanced
 * query; where it is refused, all groups are read and the others left out.
 * @see https://learn.microsoft.com/graph/aad-advanced-queries
 */
const LICENSED: readonly Pick<GraphQuery, 'filter' | 'count' | 'isAdvanced'>[] = [
  { filter: 'assignedLicenses/$count ne 0', count: true, isAdvanced: true },
  {},
];

/**
 * The groups that give licences. Application permission: GroupMember.Read.All.
 * @see https://learn.microsoft.com/graph/api/group-list
 */
export async function listLicensedGroups(
  graph: GraphClient,
  options?: CallOptions,
): Promise<Result<GraphLicensedGroup[]>> {
  const read = await readForms(graph, LICENSED, GraphLicensedGroup, options, [
    'id',
    'displayName',
    'assignedLicenses',
    'licenseProcessingState',
    'groupTypes',
  ]);
  return read.ok ? ok(read.value.filter(({ assignedLicenses }) => assignedLicenses.length > 0)) : read;
}

/**
 * Ids of the groups with members who did not get all their licences; undefined where Microsoft does not say, and then
 * each group has to be asked. The documented example sends `ConsistencyLevel`, with which the filter is refused.
 * Application permission: GroupMember.Read.All.
 * @see https://learn.microsoft.com/graph/api/resources/group
 */
export async function listGroupsWithLicenseErrors(
  graph: GraphClient,
  options?: CallOptions,
): Promise<Result<ReadonlySet<string> | undefined>> {
  const read = await readForms(
    graph,
    [{ filter: 'hasMembersWithLicenseErrors eq true' }],
    z.object({ id: Guid }),
    options,
    ['id'],
  );
  if (read.ok) return ok(new Set(read.value.map(({ id }) => id)));
  return read.problem.code === 'request-rejected' ? ok(undefined) : read;
}

/** Reads with the first form that the service does not refuse. */
async function readForms<T>(
  graph: GraphClient,
  forms: readonly Pick<GraphQuery, 'filter' | 'count' | 'isAdvanced'>[],
  row: z.ZodType<T>,
  options: CallOptions | undefined,
  select: readonly string[],
): Promise<Result<T[]>> {
  const query = { path: '/groups', select, top: PAGE_SIZE, permission: PERMISSION };
  const [first = {}, ...others] = forms;
  let read = await readAllPages(graph, { ...query, ...first }, row, options);
  for (const form of others) {
    if (read.ok || read.problem.code !== 'request-rejected') break;
    read = await readAllPages(graph, { ...query, ...form }, row, options);
  }
  return read;
}

export type MemberWithLicenseErrors = {
  readonly id: string;
  /** All of the user's assignments, not only those by the group. */
  readonly licenseAssignmentStates: readonly LicenseAssignmentState[];
};

/** A row as the reader of users takes it: of one with another shape, it says so. */
const Member = z.looseObject({ id: Guid }).transform((row, context): MemberWithLicenseErrors => {
  const [user] = readUserRows([row])?.users ?? [];
  if (user) return user;
  context.addIssue({ code: 'custom', message: 'not a user' });
  return z.NEVER;
});

const Members = collectionOf(Member);

/**
 * The members of each group who did not get all the licences that it gives: what becomes of each question, in their
 * order. Twenty groups take one request, those with more members than a page has another one for each page.
 * Application permission: GroupMember.Read.All.
 * @see https://learn.microsoft.com/entra/fundamentals/licensing-groups-resolve-problems
 */
export async function listMembersWithLicenseErrors(
  graph: GraphClient,
  groupIds: readonly string[],
  options?: CallOptions,
): Promise<Result<MemberWithLicenseErrors[]>[]> {
  const queries = groupIds.map((id) => ({
    path: `/groups/${Guid.parse(id)}/membersWithLicenseErrors`,
    select: ['id', 'licenseAssignmentStates'],
    permission: PERMISSION,
  }));
  const found: Result<MemberWithLicenseErrors[]>[] = [];
  const firstPages = await readBatch(graph, queries, shaped(Members), options);
  for (const [index, first] of firstPages.entries()) {
    const query = queries[index];
    if (!first.ok) found.push(first);
    else if (!query || !first.value['@odata.nextLink']) found.push(ok(first.value.value));
    else found.push(await readAllPages(graph, query, Member, options));
  }
  return found;
}
