import { Minus, Plus } from 'lucide-react';
import type { ChangeItemView } from '#lib/domain/access-changes/queries.ts';
import { isNothing } from '#lib/domain/access-changes/role-plan.ts';
import { roleWord, STAY_WORDS, scopeWord } from '../words.ts';

/** What changes in Azure for one subscription: the role that is added, those that go, and those that stay. */
export function RoleChanges({ item }: { readonly item: ChangeItemView }) {
  const { plan, state, leftOver } = item;
  const { add, remove, stays, isSeen } = plan;
  const isDone = state === 'done';
  const isAdded = isDone || leftOver === 'both';
  if (isNothing(plan) && stays.length === 0) {
    return <span className="text-muted">Nothing: only this portal’s own setting</span>;
  }
  return (
    <ul className="flex min-w-56 flex-col gap-1">
      {add ? (
        <li className="flex gap-1.5">
          <Plus aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
          <span>
            {isAdded ? 'Added' : 'Add'} <b className="font-medium">{roleWord(add)}</b> on{' '}
            {scopeWord(add.roleScope)}
          </span>
        </li>
      ) : null}
      {remove.map((role) => (
        <li key={role.name} className="flex gap-1.5">
          <Minus aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
          <span>
            {isDone ? 'Removed' : 'Then remove'} <b className="font-medium">{roleWord(role)}</b> on{' '}
            {scopeWord(role.roleScope)}
          </span>
        </li>
      ))}
      {isNothing(plan) ? <li className="text-muted">Nothing to add or remove</li> : null}
      {stays.map((role) => (
        <li key={`${role.roleScope} ${role.name}`} className="text-muted text-small">
          {roleWord(role)} on {scopeWord(role.roleScope)} stays: {STAY_WORDS[role.why]}.
        </li>
      ))}
      {isSeen ? null : (
        <li className="text-muted text-small">
          By this portal’s record. Azure did not show its roles, and is asked again first.
        </li>
      )}
    </ul>
  );
}
