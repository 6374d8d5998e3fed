import type { Directory } from './directory.ts';
import { SKUS } from './sku-catalog.ts';

/** Ways in which a directory changes. */
export const CHANGE_KINDS = ['add', 'change', 'manager', 'licences', 'remove', 'erase', 'restore'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export type RandomChangesOptions = {
  readonly changes: number;
  readonly seed: number;
  readonly kinds: readonly ChangeKind[];
};

/** Makes random changes; answers how many of each kind there were. The same seed makes the same changes. */
export function changeAtRandom(
  directory: Directory,
  { changes, seed, kinds }: RandomChangesOptions,
  now: number,
): Partial<Record<ChangeKind, number>> {
  const chance = randomFrom(seed);
  const below = (limit: number): number => Math.floor(chance() * limit);
  const removed: string[] = [];
  for (let index = 0; index < directory.size; index++)
    if (directory.removal(index) === 'changed') removed.push(directory.rows.id(index));
  const anybody = (): string => {
    for (;;) {
      const index = below(directory.size);
      if (directory.exists(index)) return directory.rows.id(index);
    }
  };
  const done: Partial<Record<ChangeKind, number>> = {};
  for (let step = 0; step < changes; step++) {
    let kind = kinds[below(kinds.length)] ?? 'change';
    // The person who set the directory up stays: nobody reads an empty one.
    if ((kind === 'remove' || kind === 'erase') && directory.count < 3) kind = 'add';
    if (kind === 'restore' && removed.length === 0) kind = 'change';
    done[kind] = (done[kind] ?? 0) + 1;
    if (kind === 'add') directory.create({ managerId: chance() < 0.5 ? anybody() : null }, now);
    if (kind === 'change')
      directory.update(anybody(), {
        department: `Department ${below(50)}`,
        city: chance() < 0.3 ? null : 'Oslo',
      });
    if (kind === 'manager') directory.update(anybody(), { managerId: chance() < 0.3 ? null : anybody() });
    if (kind === 'licences') directory.update(anybody(), randomLicences(below, chance));
    if (kind === 'remove') {
      const id = anybody();
      if (directory.remove(id, false)) removed.push(id);
    }
    if (kind === 'erase') directory.remove(anybody(), true);
    if (kind === 'restore') directory.restore(removed.splice(below(removed.length), 1)[0] ?? '');
  }
  return done;
}

/** Licences with the way in which each one came. */
function randomLicences(below: (limit: number) => number, chance: () => number): Record<string, unknown> {
  const skus = SKUS.filter(() => chance() < 0.2);
  const licences = skus.map(({ skuId, plans }) => ({
    disabledPlans: chance() < 0.3 ? plans.slice(0, 1 + below(2)).map(({ id }) => id) : [],
    skuId,
  }));
  return {
    assignedLicenses: licences,
    licenseAssignmentStates: licences.map((licence) => ({
      ...licence,
      assignedByGroup: null,
      state: 'Active',
      error: 'None',
      lastUpdatedDateTime: '2030-01-01T00:00:00Z',
    })),
  };
}

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
