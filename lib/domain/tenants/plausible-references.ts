import { Guid } from '#lib/core/ids.ts';
import { editDistance } from './edit-distance.ts';

/** A tenant that the person may have meant, because it is theirs. */
export type KnownTenant = { readonly directoryId: string; readonly domain?: string };

/** What was typed for the last label of a domain, by mistake. */
const LAST_LABEL_SLIPS: Readonly<Record<string, readonly string[]>> = {
  com: ['con', 'cmo', 'ocm', 'comm', 'coom', 'vom', 'xom', 'cpm', 'cim', 'om', 'cm', 'co'],
  net: ['nte', 'ent', 'ner', 'bet', 'nt'],
  org: ['ogr', 'rog', 'orh', 'og'],
};

/** Domains of people have fewer labels; with more of them there would be much to compare and nothing to gain. */
const LABELS_MAX = 8;

/** Names shorter than this may differ in one place, others in two. */
const LONG_NAME_CHARACTERS = 9;

/**
 * What somebody may have meant who typed a domain or tenant ID that does not exist, the most plausible first: their
 * own tenants that are spelled almost the same, then the text without a slip at its end, without what stands in front
 * of the domain, and the first domain that Microsoft gives each tenant. `initialDomain` is its ending, such as
 * `.onmicrosoft.com`. The text is a `TenantReference`.
 */
export function plausibleReferences(
  typed: string,
  known: readonly KnownTenant[],
  initialDomain: string,
): readonly string[] {
  const isId = Guid.safeParse(typed).success;
  const readings = isId ? [typed] : readingsOf(typed, initialDomain);
  const own = known
    .map(({ directoryId, domain }) => ({
      reference: domain ?? directoryId,
      distance: isId
        ? distanceIfNear(typed, directoryId)
        : domain && distanceOfDomain(readings, domain, initialDomain),
    }))
    .filter(({ distance }) => typeof distance === 'number')
    .sort((one, other) => Number(one.distance) - Number(other.distance))
    .map(({ reference }) => reference);
  const domains = isId ? [] : readings.filter((reading) => reading.includes('.'));
  const name = isId ? '' : nameOf(typed.split('.'), initialDomain);
  const initial = name ? [`${name}${initialDomain}`] : [];
  return [...new Set([...own, ...domains, ...initial])].filter((reference) => reference !== typed);
}

/** The text itself, without a slip at its end, and without the labels in front of the name. */
function readingsOf(typed: string, initialDomain: string): readonly string[] {
  const labels = typed.split('.').filter(Boolean);
  if (labels.length > LABELS_MAX) return [typed];
  const front = labels.slice(0, labels.indexOf(nameOf(labels, initialDomain)));
  const corrected = [...labels.slice(0, -1), ...labels.slice(-1).map(withoutSlip)];
  return [...front.keys(), front.length]
    .flatMap((skipped) => [labels, corrected].map((form) => form.slice(skipped).join('.')))
    .filter(Boolean);
}

const withoutSlip = (label: string): string =>
  Object.entries(LAST_LABEL_SLIPS).find(([, slips]) => slips.includes(label))?.[0] ?? label;

/**
 * The label that says whose domain it is: the one before something like `onmicrosoft`, else the longest one before the
 * ending, which is neither `www` nor the `co` of `co.uk`.
 */
function nameOf(labels: readonly string[], initialDomain: string): string {
  const [, provider = ''] = initialDomain.split('.');
  const before = labels.findIndex((label, index) => index > 0 && editDistance(label, provider, 2) <= 2) - 1;
  if (before >= 0) return labels[before] ?? '';
  const candidates = labels.length > 1 ? labels.slice(0, -1) : labels;
  return candidates.reduce((longest, label) => (label.length > longest.length ? label : longest), '');
}

/** `contoso` and `contoso.org` count as one slip away from `contoso.com`. */
function distanceOfDomain(
  readings: readonly string[],
  domain: string,
  initialDomain: string,
): number | undefined {
  const name = nameOf(domain.split('.'), initialDomain);
  const distances = readings.map((reading) =>
    nameOf(reading.split('.'), initialDomain) === name ? 1 : distanceIfNear(reading, domain),
  );
  const near = distances.filter((distance) => distance !== undefined);
  return near.length > 0 ? Math.min(...near) : undefined;
}

function distanceIfNear(typed: string, name: string): number | undefined {
  const allowed = name.length < LONG_NAME_CHARACTERS ? 1 : 2;
  const distance = editDistance(typed, name, allowed);
  return distance <= allowed ? distance : undefined;
}
