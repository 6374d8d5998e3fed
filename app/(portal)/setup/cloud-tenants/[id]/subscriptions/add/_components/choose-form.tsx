'use client';

import { useActionState, useState } from 'react';
import { type FormOutcome, FormProblem } from '#components/form-outcome.tsx';
import { Button } from '#components/ui/button.tsx';
import { Radio, RadioCard, RadioGroup } from '#components/ui/choice.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { Section } from '#components/ui/section.tsx';
import { SelectField } from '#components/ui/select-field.tsx';
import { SubmitButton } from '#components/ui/submit-button.tsx';
import { addSubscriptionsAction, signInAgainWithAction } from '../../actions.ts';
import { type Level, type Preview, PreviewOfRoles } from './preview.tsx';

/** A subscription that the signed-in person sees. */
export type ChoosableSubscription = {
  readonly id: string;
  readonly name: string;
  /** Microsoft's word. */
  readonly state: string;
  /** Why it cannot be chosen. */
  readonly reason?: string;
};

export type ChoosableGroup = {
  readonly name: string;
  readonly label: string;
  /** How many subscriptions come with it now. */
  readonly count: number;
};

export type ChooseFormProps = {
  readonly flowId: string;
  readonly subscriptions: readonly ChoosableSubscription[];
  readonly groups: readonly ChoosableGroup[];
  readonly levels: readonly Level[];
  readonly initial: {
    readonly chosen: readonly string[];
    readonly group: string | undefined;
    readonly level: string;
  };
  readonly preview: Preview;
  /** The sign-in can be used. */
  readonly isActive: boolean;
};

/** Chooses subscriptions or a management group and the access level, and shows what that gives before it is done. */
export function ChooseForm({
  flowId,
  subscriptions,
  groups,
  levels,
  initial,
  preview,
  isActive,
}: ChooseFormProps) {
  const [outcome, add] = useActionState(addSubscriptionsAction, {});
  const [again, signInAgain] = useActionState(signInAgainWithAction, {});
  const [target, setTarget] = useState(initial.group === undefined ? 'subscriptions' : 'group');
  const firstGroup = initial.group ?? groups[0]?.name ?? '';
  const [group, setGroup] = useState(firstGroup);
  const [levelValue, setLevel] = useState(initial.level);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(initial.chosen));
  const eligible = subscriptions.filter(({ reason }) => reason === undefined);
  const level = levels.find(({ value }) => value === levelValue);
  const isGroup = target === 'group';
  const toggle = (id: string) =>
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const chooseAll = () => setChosen(new Set(eligible.map(({ id }) => id)));
  return (
    // The choice is React's: a form that is sent must not put it back to where it began.
    <form onReset={(event) => event.preventDefault()} action={add} className="flex flex-col gap-8">
      <input type="hidden" name="flowId" value={flowId} />
      <Failure outcome={outcome} />
      <Failure outcome={again} />
      {groups.length > 0 ? (
        <RadioGroup legend="What to add">
          <Radio
            name="target"
            value="subscriptions"
            label="These subscriptions"
            checked={!isGroup}
            onChange={() => setTarget('subscriptions')}
          />
          <Radio
            name="target"
            value="group"
            label="A management group"
            description="With all subscriptions in it, also those that come into it later: the daily import adds them."
            checked={isGroup}
            onChange={() => setTarget('group')}
          />
        </RadioGroup>
      ) : (
        <input type="hidden" name="target" value="subscriptions" />
      )}
      {isGroup ? (
        <div className="max-w-md">
          <SelectField
            label="Management group"
            name="group"
            defaultValue={firstGroup}
            onChange={(event) => setGroup(event.target.value)}
            options={groups.map(({ name, label, count }) => ({
              value: name,
              label: `${label} (${count} ${count === 1 ? 'subscription' : 'subscriptions'})`,
            }))}
            error={outcome.fields?.group}
          />
        </div>
      ) : (
        <Section
          title="Subscriptions"
          description={
            <span role="status">
              {chosen.size} of {eligible.length} chosen
            </span>
          }
          actions={
            <>
              <Button size="small" variant="secondary" onClick={chooseAll}>
                Choose all
              </Button>
              <Button size="small" variant="secondary" onClick={() => setChosen(new Set())}>
                Choose none
              </Button>
            </>
          }
        >
          {outcome.fields?.subscription ? (
            <FieldError id="no-subscription">{outcome.fields.subscription}</FieldError>
          ) : null}
          <DataTable label="Subscriptions that you see">
            <TableHead>
              <ColumnHeader sticky>Name</ColumnHeader>
              <ColumnHeader>State in Azure</ColumnHeader>
              <ColumnHeader>Can it be added?</ColumnHeader>
            </TableHead>
            <TableBody>
              {subscriptions.map(({ id, name, state, reason }) => (
                <TableRow key={id} muted={reason !== undefined}>
                  <RowHeader>
                    <label className="flex gap-3">
                      <input
                        type="checkbox"
                        name="subscription"
                        value={id}
                        disabled={reason !== undefined}
                        checked={chosen.has(id)}
                        onChange={() => toggle(id)}
                        aria-labelledby={`name-${id}`}
                        aria-describedby={`why-${id}`}
                        className="mt-0.5 size-4 shrink-0 accent-accent"
                      />
                      <span className="flex min-w-0 flex-col">
                        <span id={`name-${id}`} className="break-words font-medium">
                          {name}
                        </span>
                        <span className="font-mono text-caption text-muted">{id}</span>
                      </span>
                    </label>
                  </RowHeader>
                  <Cell>{state}</Cell>
                  <Cell>
                    <span id={`why-${id}`} className="block max-w-md text-small">
                      {reason ?? 'Yes'}
                    </span>
                  </Cell>
                </TableRow>
              ))}
            </TableBody>
          </DataTable>
        </Section>
      )}
      <RadioGroup legend="Access level" error={outcome.fields?.accessLevel}>
        {levels.map(({ value, label, roleName }) => (
          <RadioCard
            key={value}
            name="accessLevel"
            value={value}
            label={label}
            description={`Role ${roleName} in Azure`}
            checked={value === levelValue}
            onChange={() => setLevel(value)}
          />
        ))}
      </RadioGroup>
      {level ? (
        <PreviewOfRoles
          preview={preview}
          level={level}
          scopes={
            isGroup
              ? [preview.groups[group]].filter((found) => found !== undefined)
              : eligible
                  .filter(({ id }) => chosen.has(id))
                  .flatMap(({ id }) => preview.subscriptions[id] ?? [])
          }
        />
      ) : null}
      <div className="flex flex-wrap gap-3">
        {isActive ? (
          <SubmitButton>Add subscriptions</SubmitButton>
        ) : (
          <SubmitButton formAction={signInAgain}>Sign in again</SubmitButton>
        )}
      </div>
    </form>
  );
}

/** What is wrong with a field stands beside the field. */
function Failure({ outcome }: { readonly outcome: FormOutcome }) {
  return outcome.problem || outcome.requestId ? <FormProblem outcome={outcome} /> : null;
}
