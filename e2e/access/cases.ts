import type { Entry, Kind, Outcome, Role } from '../../scripts/access/model.ts';
import type { Ids } from './organization.ts';
import { placesOf, type Values } from './requests.ts';
import type { World } from './world.ts';

/** A request, and what its role is to get. */
export type Case = { readonly name: string; readonly values: Values; readonly expected: Outcome };

/** The same request twice: with ids of another organization, and with ids that nothing has. */
export type Pair = {
  readonly name: string;
  readonly foreign: Values;
  readonly unknown: Values;
  readonly expected: Outcome;
};

/** What is no id: text, what goes up in a path, and what PostgreSQL has no room for. */
const MALFORMED = ['not-an-id', '../..', '\u0000'];
/** Whose values are no ids: what is written there is read as far as it can be. */
const READ_AS_TEXT: ReadonlySet<Kind> = new Set(['cursor', 'directory']);

/** For the stranger, the other organization is ours. */
export const ownOf = (world: World, role: Role): Ids =>
  role === 'stranger' ? world.theirs.ids : world.ours.ids;
export const foreignOf = (world: World, role: Role): Ids =>
  role === 'stranger' ? world.ours.ids : world.theirs.ids;

/** Requests with ids of the role's own organization: first without what can be left out, then with all of it. */
export function ownCases(entry: Entry, world: World, role: Role): Case[] {
  const { always, maybe } = placesOf(entry);
  const own = ownOf(world, role);
  const expected = entry.outcomes[role === 'stranger' ? 'owner' : role];
  return [
    { name: 'own ids', values: valuesFrom(own, always), expected },
    ...(Object.keys(maybe).length > 0
      ? [{ name: 'own ids, also in the query', values: valuesFrom(own, { ...always, ...maybe }), expected }]
      : []),
  ];
}

/** Each place by itself with a foreign id while the others are the role's own, and all of them at once. */
export function foreignPairs(entry: Entry, world: World, role: Role): Pair[] {
  const { always, maybe } = placesOf(entry);
  const base = valuesFrom(ownOf(world, role), always);
  const all = { ...always, ...maybe };
  const places = Object.keys(all);
  const subsets = [
    ...places.map((place) => [place]),
    ...(Object.keys(always).length > 1 ? [Object.keys(always)] : []),
  ];
  return subsets.map((subset) => {
    const replaced = Object.fromEntries(subset.map((place) => [place, all[place] as Kind]));
    return {
      name: `another organization's ${subset.join(' and ')}`,
      foreign: { ...base, ...valuesFrom(foreignOf(world, role), replaced) },
      unknown: { ...base, ...valuesFrom(world.unknown, replaced) },
      expected: expectedWith(entry, role, subset),
    };
  });
}

/** What a role gets where the ids at these places are not of its organization. */
function expectedWith(entry: Entry, role: Role, places: readonly string[]): Outcome {
  const own = entry.outcomes[role === 'stranger' ? 'owner' : role];
  // A page of something that is not there does not say which role it would need.
  const isRefused =
    own === 'refused' && !(entry.type === 'page' && places.some((place) => place in entry.path));
  if (role === 'signed-out' || role === 'newcomer' || own === 'forbidden' || isRefused) return own;
  const outcomes = places.map((place) => entry.foreign?.[place] ?? 'not-found');
  return outcomes.find((outcome) => outcome === 'not-found') ?? outcomes[0] ?? own;
}

/** Each place by itself with what is no id. */
export function malformedCases(entry: Entry, world: World, role: Role): Case[] {
  const { always, maybe } = placesOf(entry);
  const base = valuesFrom(ownOf(world, role), always);
  const isMember = role !== 'signed-out' && role !== 'newcomer';
  // It is read before anybody looks who asks: one member stands for all.
  if (isMember && role !== 'viewer') return [];
  return Object.entries({ ...always, ...maybe })
    .filter(
      ([place, kind]) =>
        !READ_AS_TEXT.has(kind) && !(entry.type === 'action' && entry.orText?.includes(place)),
    )
    .flatMap(([place]) => {
      const isInPath = entry.type !== 'action' && place in entry.path;
      const asMember = entry.type === 'page' || isInPath ? 'not-found' : 'invalid';
      return MALFORMED.map((value) => ({
        name: `${JSON.stringify(value)} as ${place}`,
        values: { ...base, [place]: value },
        expected: isMember ? asMember : entry.outcomes[role],
      }));
    });
}

export const valuesFrom = (ids: Ids, names: Readonly<Record<string, Kind>>): Values =>
  Object.fromEntries(Object.entries(names).map(([name, kind]) => [name, ids[kind]]));
