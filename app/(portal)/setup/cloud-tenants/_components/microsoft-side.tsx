import { ChevronRight, CircleAlert, CircleCheck, CircleDashed, CircleSlash } from 'lucide-react';
import { ProblemDetails, traceOf } from '#components/problem-words.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { CommandBlock } from '#components/ui/command-block.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { describeProblem } from '#lib/core/problem-text.ts';
import { keyOfThing, type MicrosoftThing } from '#lib/domain/lifecycle/microsoft-side.ts';
import type { Remedy } from '#lib/domain/lifecycle/removal-commands.ts';

const OUTCOME: Readonly<Record<MicrosoftThing['outcome'], StatusBadgeProps>> = {
  left: { word: 'Exists', tone: 'warning', icon: CircleDashed },
  failed: { word: 'Not taken back', tone: 'danger', icon: CircleAlert },
  removed: { word: 'Taken back', tone: 'success', icon: CircleCheck },
  absent: { word: 'Was gone', tone: 'neutral', icon: CircleSlash },
};

/** What the portal made at Microsoft, thing by thing, and what has become of it. */
export function MicrosoftSideTable({
  label,
  things,
}: {
  readonly label: string;
  readonly things: readonly MicrosoftThing[];
}) {
  return (
    <DataTable label={label}>
      <TableHead>
        <ColumnHeader sticky>What</ColumnHeader>
        <ColumnHeader>Where</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
      </TableHead>
      <TableBody>
        {things.map((thing) => (
          <TableRow key={`${thing.kind} ${keyOfThing(thing)}`}>
            <RowHeader>
              <span className="font-medium">{whatIs(thing)}</span>
            </RowHeader>
            <Cell className="min-w-56">
              <Place thing={thing} />
            </Cell>
            <Cell>
              <div className="flex max-w-md flex-col items-start gap-1">
                <StatusBadge {...OUTCOME[thing.outcome]} />
                {thing.at ? (
                  <span className="text-caption text-muted">
                    <AbsoluteTime value={thing.at} />
                  </span>
                ) : null}
                {thing.problem ? (
                  <>
                    <span className="text-caption text-muted">{describeProblem(thing.problem).title}</span>
                    <ProblemDetails code={thing.problem.code} trace={traceOf(thing.problem)} />
                  </>
                ) : null}
              </div>
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </DataTable>
  );
}

function whatIs(thing: MicrosoftThing): string {
  switch (thing.kind) {
    case 'role-assignment':
      return `Role ${thing.role}`;
    case 'billing-role':
      return `Billing role ${thing.role}`;
    case 'app-role':
      return `Permission ${thing.permission}`;
    case 'service-principal':
      return 'Enterprise application';
  }
}

function Place({ thing }: { readonly thing: MicrosoftThing }) {
  switch (thing.kind) {
    case 'role-assignment':
      return (
        <div className="flex flex-col">
          <span className="break-words">{thing.scopeName}</span>
          <code className="break-all font-mono text-caption text-muted">{thing.scope}</code>
        </div>
      );
    case 'billing-role':
      return <span className="break-all">{thing.account}</span>;
    case 'app-role':
      return 'Microsoft Graph, for all of the tenant';
    case 'service-principal':
      return <CodeValue value={thing.appId} name="application ID" />;
  }
}

/** How people take back the rest, with the values of this tenant. */
export function Remedies({ remedies }: { readonly remedies: readonly Remedy[] }) {
  return (
    <ul className="flex flex-col gap-3">
      {remedies.map(({ about, title, who, steps, commands }) => (
        <li key={about} className="min-w-0">
          <details className="group/remedy rounded-card border border-line">
            <summary className="flex cursor-pointer list-none items-center gap-2 rounded-card px-4 py-3 font-medium hover:bg-hover">
              <ChevronRight
                aria-hidden
                className="size-4 shrink-0 text-muted transition-transform group-open/remedy:rotate-90"
              />
              {title}
            </summary>
            <div className="flex min-w-0 flex-col gap-4 border-line border-t p-4">
              <p className="text-muted">
                Who can do it: <span className="text-ink">{who}</span>
              </p>
              <ol className="flex list-decimal flex-col gap-1 pl-5">
                {steps.map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ol>
              {commands.map(({ label, text }) => (
                <CommandBlock
                  key={label}
                  label={label}
                  about={title}
                  copyLabel={`Copy ${label} commands`}
                  text={text}
                />
              ))}
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}
