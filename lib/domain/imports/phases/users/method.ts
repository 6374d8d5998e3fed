import type { DirectorySync } from './directory-sync.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Microsoft keeps a delta link for seven days; the last hours are not relied on. */
const LINK_MAX_MS = 6.5 * DAY_MS;
/** A day's import that begins a little earlier than last week's is the seventh all the same. */
const FULL_READ_MAX_MS = 6.5 * DAY_MS;

/** Why all users are read and not what has changed alone, in the words that people read. */
export const FULL_READ_REASONS = {
  asked: 'Somebody asked for a full read.',
  first: 'No full read of this directory was complete before.',
  weekly: 'Once a week everything is read, to verify what the changes have told.',
  mismatch: 'The last full read did not match Microsoft’s count.',
  unlinked: 'The last read left no link to what changes.',
  fields: 'Other fields are imported than before.',
  old: 'The link to what has changed is older than Microsoft keeps it for sure.',
  expired: 'Microsoft no longer keeps the link to what has changed.',
  unreadable: 'Microsoft’s answer about what has changed could not be used.',
  removal: 'Microsoft named a reason for a removal that it does not document.',
  agents: 'Identities of agents have changed, and how many there are now only a full read tells.',
  uncounted: 'Microsoft did not say how many users there are.',
  count: 'After the changes there were not as many users as Microsoft counts.',
} as const satisfies Readonly<Record<string, string>>;
export type FullReadReason = keyof typeof FULL_READ_REASONS;

/** What an incremental read does not learn, in the words that people read. */
export const NOT_TRACKED =
  'Microsoft does not tell of every change of how a licence came, of errors of group licences, and of managers who are ' +
  'contacts. The weekly full read brings what is missing.';

/** Why what has changed cannot be asked for; undefined where it can. */
export function fullReadReason(
  sync: DirectorySync | undefined,
  { fields, now }: { readonly fields: readonly string[]; readonly now: Date },
): FullReadReason | undefined {
  const ageMs = (moment: Date): number => now.getTime() - moment.getTime();
  if (!sync?.fullReadAt) return 'first';
  if (ageMs(sync.fullReadAt) >= FULL_READ_MAX_MS) return 'weekly';
  // A read that was not proven complete leaves no link.
  if (sync.deltaLink === null || sync.deltaAt === null) return sync.mismatches > 0 ? 'mismatch' : 'unlinked';
  if (!isSameSet(sync.fields, fields)) return 'fields';
  return ageMs(sync.deltaAt) >= LINK_MAX_MS ? 'old' : undefined;
}

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((each) => others.includes(each));
