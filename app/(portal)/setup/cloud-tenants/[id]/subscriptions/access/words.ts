import { formatQuantity } from '#components/format.ts';
import type { ChangeItemView, ItemState } from '#lib/domain/access-changes/queries.ts';
import { type AssignedRole, roleName, type StayReason } from '#lib/domain/access-changes/role-plan.ts';
import type { AccessLevel } from '#lib/domain/tenants/model.ts';

/** The levels in short, where their whole names do not fit: what is read, and whether tags are written. */
export const LEVEL_SHORT: Readonly<Record<AccessLevel, string>> = {
  resources: 'Resources only',
  tags_in: 'Resources and tags',
  tags_in_out: 'Resources and tags, with write back',
};

export const STATE_WORD: Readonly<Record<ItemState, string>> = {
  planned: 'Planned',
  working: 'Working',
  interrupted: 'Interrupted',
  done: 'Done',
  failed: 'Failed',
  replaced: 'Replaced',
};

export const roleWord = ({ roleDefinitionId }: Pick<AssignedRole, 'roleDefinitionId'>): string =>
  roleName(roleDefinitionId);

/** Where a role applies, for people: the kind of scope and its name. */
export function scopeWord(roleScope: string): string {
  const name = roleScope.slice(roleScope.lastIndexOf('/') + 1);
  if (roleScope.startsWith('/subscriptions/')) return 'this subscription';
  return roleScope === '/' ? 'the root of the tenant' : `management group ${name}`;
}

/** Why a role is left where it is. */
export const STAY_WORDS: Readonly<Record<StayReason, string>> = {
  inherited: 'inherited; only this subscription is changed',
  'not-ours': 'granted outside this portal, which never removes it',
  shared: 'another connection of this tenant relies on it',
};

/** What is left of an interrupted change, as a sentence; undefined where nothing is. */
export function leftOverWords({ leftOver, plan }: ChangeItemView): string | undefined {
  const [old] = plan.remove;
  if (!leftOver || !old) return undefined;
  const added = plan.add ? roleWord(plan.add) : 'its new role';
  return leftOver === 'both'
    ? `Has both roles for now: ${added} and ${roleWord(old)}.`
    : `May have both roles for now: ${added} and ${roleWord(old)}.`;
}

export const subscriptionsWord = (count: number): string => formatQuantity(count, 'subscription');
