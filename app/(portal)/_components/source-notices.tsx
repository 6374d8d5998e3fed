import { CirclePause, CloudOff, Download, Hourglass, Plus } from 'lucide-react';
import { ADD_PATH, tenantPath } from '#app/(portal)/setup/cloud-tenants/paths.ts';
import { formatCount } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ProgressBar } from '#components/ui/progress-bar.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { PhaseRecord } from '#lib/domain/imports/model.ts';
import type { Source } from '#lib/domain/licensing/sources.ts';

/** What an import brings: the words of the page that waits for it. */
type Awaited = { readonly what: 'licences' | 'users'; readonly phase: 'skus' | 'users' };

export const LICENSES: Awaited = { what: 'licences', phase: 'skus' };
export const USERS: Awaited = { what: 'users', phase: 'users' };

const readAtOf = (source: Source, { phase }: Awaited): Date | null =>
  phase === 'skus' ? source.skusReadAt : source.usersReadAt;

const importsPath = ({ tenantId }: Source) => `${tenantPath(tenantId)}/imports`;

/** Nothing is connected that has licences and users. */
export function NotConnected({ what, mayConnect }: Pick<Awaited, 'what'> & { readonly mayConnect: boolean }) {
  return (
    <EmptyState
      icon={CloudOff}
      title="No Office 365 account is connected"
      actions={
        mayConnect ? (
          <ButtonLink href={ADD_PATH} variant="primary" icon={<Plus aria-hidden className="size-4" />}>
            Add Cloud Account
          </ButtonLink>
        ) : null
      }
    >
      <p>
        {mayConnect
          ? `Connect one, and its ${what} appear here within minutes.`
          : `Its ${what} appear here once an owner or admin of your organization has connected one.`}
      </p>
    </EmptyState>
  );
}

/** There is nothing to show yet, because nothing was read to the end: the first import runs, failed, or is to come. */
export function NothingRead({
  sources,
  awaited,
}: {
  readonly sources: readonly Source[];
  readonly awaited: Awaited;
}) {
  const running = sources.find((source) => source.running);
  const failed = sources.find(({ lastRun }) => lastRun?.problem);
  if (running) {
    return (
      <EmptyState icon={Hourglass} title="The first import is running">
        <p>The {awaited.what} appear here as soon as they are read.</p>
        <RunningBar source={running} awaited={awaited} />
        <p>
          <TextLink href={importsPath(running)}>See the import of {running.name}</TextLink>
        </p>
      </EmptyState>
    );
  }
  if (failed?.lastRun?.problem) {
    return (
      <ProblemPanel
        problem={failed.lastRun.problem}
        actions={<ButtonLink href={importsPath(failed)}>See the imports of {failed.name}</ButtonLink>}
      />
    );
  }
  const [first] = sources;
  if (first && sources.every(({ disabledAt }) => disabledAt)) {
    return (
      <EmptyState
        icon={CirclePause}
        title={`${first.name} is disabled`}
        actions={<ButtonLink href={tenantPath(first.tenantId)}>Open {first.name}</ButtonLink>}
      >
        <p>It was disabled before its {awaited.what} were read. They appear here once it is enabled.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Download}
      title="No import yet"
      actions={sources.map((source) => (
        <ButtonLink key={source.tenantId} href={importsPath(source)}>
          See the imports of {source.name}
        </ButtonLink>
      ))}
    >
      <p>The {awaited.what} appear here after the first import, which runs by itself.</p>
    </EmptyState>
  );
}

/** What is missing from the figures below or older than it should be: an import under way, a failed one. */
export function SourceNotices({
  sources,
  awaited,
}: {
  readonly sources: readonly Source[];
  readonly awaited: Awaited;
}) {
  return sources.map((source) => <SourceNotice key={source.tenantId} source={source} awaited={awaited} />);
}

function SourceNotice({ source, awaited }: { readonly source: Source; readonly awaited: Awaited }) {
  const { name, lastRun, running } = source;
  const isRead = readAtOf(source, awaited) !== null;
  if (source.disabledAt) {
    return (
      <Callout tone="info" title={`${name} is disabled`}>
        <p>
          {isRead ? (
            <>
              Its {awaited.what} are as of{' '}
              <AbsoluteTime value={readAtOf(source, awaited) ?? source.disabledAt} />.
            </>
          ) : (
            `Its ${awaited.what} are missing.`
          )}{' '}
          <TextLink href={tenantPath(source.tenantId)}>Open the tenant</TextLink>
        </p>
      </Callout>
    );
  }
  const toImports = <TextLink href={importsPath(source)}>See the imports</TextLink>;
  if (running && (!isRead || running.phase === awaited.phase)) {
    return (
      <Callout tone="info" title={`${name} is being imported`}>
        <p>
          {isRead
            ? `What has changed comes in while you look. ${progressWords(source, awaited)}`
            : `Its ${awaited.what} are not all in the figures yet. ${progressWords(source, awaited)}`}{' '}
          {toImports}
        </p>
      </Callout>
    );
  }
  if (!running && lastRun && isUnread(lastRun.phases, awaited)) {
    return (
      <Callout tone="warning" title={`The last import of ${name} did not read its ${awaited.what}`}>
        <p>
          {isRead ? 'Those of the import before it are shown.' : 'They are missing here.'} {toImports}
        </p>
      </Callout>
    );
  }
  if (!running && !isRead) {
    return (
      <Callout tone="info" title={`${name} was not imported yet`}>
        <p>
          Its {awaited.what} are missing. {toImports}
        </p>
      </Callout>
    );
  }
  return null;
}

const isUnread = (phases: readonly PhaseRecord[], awaited: Awaited): boolean =>
  phases.some(({ phase, state }) => phase === awaited.phase && state !== 'completed');

function progressWords({ running }: Source, { phase, what }: Awaited): string {
  if (!running || running.phase !== phase || running.received === 0) return '';
  const expected = running.expected === null ? '' : ` of ${formatCount(running.expected)}`;
  return `${formatCount(running.received)}${expected} ${what} so far.`;
}

function RunningBar({ source, awaited }: { readonly source: Source; readonly awaited: Awaited }) {
  const { running } = source;
  const isCounted = running?.phase === awaited.phase && running.expected !== null;
  return (
    <div className="py-3">
      <ProgressBar
        label={`Import of ${source.name}`}
        value={isCounted ? running.received : undefined}
        max={isCounted ? (running.expected ?? undefined) : undefined}
        valueText={progressWords(source, awaited) || undefined}
      />
    </div>
  );
}
