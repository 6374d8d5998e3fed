import { isGuid } from '../state/hash.ts';
import type { Tenant } from '../state/tenants.ts';
import { assignmentErrors, COLUMNS } from './columns.ts';
import { type DirectoryPerson, Generator } from './generator.ts';
import { SKUS } from './sku-catalog.ts';

export type UserValues = Readonly<Record<string, unknown>>;

/** One step of the directory's history since it was made, for delta queries. */
export type Change = {
  readonly index: number;
  readonly kind: 'upsert' | 'changed' | 'deleted';
  /** Whether the row was created or restored in this step. */
  readonly isNew: boolean;
  /** The id of the manager before the step, null for none; undefined where the step was not about that. */
  readonly managerBefore?: string | null;
};

/** What became of a row since some step. */
export type RowChange = {
  readonly index: number;
  readonly kind: Change['kind'];
  readonly isNew: boolean;
  /** The id of the manager at that step, null for none; undefined where the manager is the same since. */
  readonly managerBefore: string | null | undefined;
};

/**
 * The users of one tenant: computed rows under a sparse overlay of changed ones. Rows are numbered; new users get the
 * next number, removed ones keep theirs, so that a position in a listing stays valid while the directory changes.
 */
export class Directory {
  readonly rows: Generator;
  readonly #overlay = new Map<number, Record<string, unknown>>();
  readonly #removed = new Map<number, 'changed' | 'deleted'>();
  readonly #changes: Change[] = [];
  #told: { readonly key: string; readonly changes: readonly RowChange[] } | undefined;
  #size: number;
  #baseHolders: readonly number[] | undefined;
  #holderChanges: number[] = SKUS.map(() => 0);
  /** Delta links carry the number of the time they were made in, as page links do. */
  deltaEpoch = 0;
  #generatedErrors: ReadonlyMap<string, readonly number[]> | undefined;
  /** What the control API changed of groups and of purchases, by their ids. */
  readonly groupChanges = new Map<string, UserValues | 'gone'>();
  readonly purchaseChanges = new Map<string, UserValues | 'gone'>();
  /** Page links carry the number of the time they were made in; expiring all of them is counting on. */
  pageEpoch = 0;

  constructor(tenant: Tenant, people: readonly DirectoryPerson[]) {
    this.rows = new Generator(tenant, people);
    this.#size = this.rows.baseSize;
  }

  /** Rows ever made, removed ones included. */
  get size(): number {
    return this.#size;
  }

  /** Users that exist now. */
  get count(): number {
    return this.#size - this.#removed.size;
  }

  get sequence(): number {
    return this.#changes.length;
  }

  exists(index: number): boolean {
    return index >= 0 && index < this.#size && !this.#removed.has(index);
  }

  removal(index: number): 'changed' | 'deleted' | undefined {
    return this.#removed.get(index);
  }

  value(index: number, column: string): unknown {
    const overlay = this.#overlay.size > 0 ? this.#overlay.get(index) : undefined;
    if (overlay && column in overlay) return overlay[column];
    return COLUMNS[column]?.(this.rows, index);
  }

  isChanged(index: number): boolean {
    return this.#overlay.has(index);
  }

  /** Rows with values that were not computed. */
  changedRows(): number[] {
    return [...this.#overlay.keys()];
  }

  /** By group: the rows whose computed assignments by it failed. */
  get generatedErrors(): ReadonlyMap<string, readonly number[]> {
    this.#generatedErrors ??= findErrors(this.rows);
    return this.#generatedErrors;
  }

  /** The manager's row, or 'contact' for one who is not a user; undefined when there is none or it was deleted. */
  managerOf(index: number): number | 'contact' | undefined {
    const overlay = this.#overlay.size > 0 ? this.#overlay.get(index)?.managerId : undefined;
    if (overlay !== undefined) return typeof overlay === 'string' ? this.find(overlay) : undefined;
    const generated = this.rows.manager(index);
    return typeof generated === 'number' && !this.exists(generated) ? undefined : generated;
  }

  /** The manager's row, also of one who was deleted. */
  #namedManager(index: number): number | undefined {
    const overlay = this.#overlay.get(index)?.managerId;
    if (overlay !== undefined) return typeof overlay === 'string' ? this.#indexOf(overlay) : undefined;
    const generated = this.rows.manager(index);
    return typeof generated === 'number' ? generated : undefined;
  }

  /** The object id of the manager, a user or a contact. */
  managerId(index: number): string | null {
    const manager = this.managerOf(index);
    if (manager === undefined) return null;
    return manager === 'contact' ? this.rows.contactId(index) : this.rows.id(manager);
  }

  /** The row of an object id or user principal name, if such a user exists now. */
  find(idOrName: string): number | undefined {
    const index = this.#indexOf(idOrName);
    return index !== undefined && this.exists(index) ? index : undefined;
  }

  #indexOf(idOrName: string): number | undefined {
    const wanted = idOrName.toLowerCase();
    if (isGuid(idOrName)) return this.rows.indexOfId(idOrName);
    for (const [index, overlay] of this.#overlay)
      if (String(overlay.userPrincipalName ?? '').toLowerCase() === wanted) return index;
    return this.rows.indexOfPrincipalName(idOrName);
  }

  /** Creates a user; what is not given is generated. Answers the object id. */
  create(values: UserValues, now: number): string {
    const index = this.#size;
    this.#size += 1;
    const createdDateTime = `${new Date(now).toISOString().slice(0, 19)}Z`;
    this.#overlay.set(index, { createdDateTime, ...values, id: this.rows.id(index) });
    this.#record(index, 'upsert', [], { isNew: true });
    return this.rows.id(index);
  }

  /** Changes some properties of an existing user; false when there is none. */
  update(idOrName: string, values: UserValues): boolean {
    const index = this.find(idOrName);
    if (index === undefined) return false;
    const before = this.#holdings(index);
    const managerBefore = 'managerId' in values ? this.managerId(index) : undefined;
    this.#overlay.set(index, { ...this.#overlay.get(index), ...values, id: this.rows.id(index) });
    this.#record(index, 'upsert', before, managerBefore === undefined ? {} : { managerBefore });
    return true;
  }

  /** Soft-deletes a user, or with `permanently` the way Entra does thirty days later; false when there is none. */
  remove(idOrName: string, permanently: boolean): boolean {
    const index = this.#indexOf(idOrName);
    if (index === undefined || index >= this.#size || this.#removed.get(index) === 'deleted') return false;
    if (this.#removed.has(index) && !permanently) return false;
    const before = this.exists(index) ? this.#holdings(index) : [];
    this.#removed.set(index, permanently ? 'deleted' : 'changed');
    this.#record(index, permanently ? 'deleted' : 'changed', before);
    return true;
  }

  /** Brings a soft-deleted user back; false when there is none. */
  restore(idOrName: string): boolean {
    const index = this.#indexOf(idOrName);
    if (index === undefined || this.#removed.get(index) !== 'changed') return false;
    this.#removed.delete(index);
    this.#record(index, 'upsert', [], { isNew: true });
    return true;
  }

  #record(
    index: number,
    kind: Change['kind'],
    holdingsBefore: readonly number[],
    more: Partial<Pick<Change, 'isNew' | 'managerBefore'>> = {},
  ): void {
    this.#changes.push({ index, kind, isNew: false, ...more });
    for (const sku of holdingsBefore) this.#holderChanges[sku] = (this.#holderChanges[sku] ?? 0) - 1;
    if (!this.exists(index)) return;
    for (const sku of this.#holdings(index)) this.#holderChanges[sku] = (this.#holderChanges[sku] ?? 0) + 1;
  }

  /**
   * What became of each row after a sequence number, in the order of the latest changes. Whose manager was deleted or
   * restored has changed as well, by the link to them, unless `keepsLinks`.
   */
  changesAfter(sequence: number, { keepsLinks = false } = {}): readonly RowChange[] {
    const key = `${sequence}/${this.sequence}/${keepsLinks}`;
    if (this.#told?.key !== key)
      this.#told = { key, changes: this.#summarise(this.#changes.slice(sequence), keepsLinks) };
    return this.#told.changes;
  }

  #summarise(changes: readonly Change[], keepsLinks: boolean): RowChange[] {
    const latest = new Map<number, RowChange>();
    const add = (change: Change) => {
      const earlier = latest.get(change.index);
      latest.delete(change.index);
      const managerBefore =
        earlier?.managerBefore === undefined ? change.managerBefore : earlier.managerBefore;
      latest.set(change.index, { ...change, isNew: change.isNew || earlier?.isNew === true, managerBefore });
    };
    for (const change of changes) add(change);
    const moved = new Set(changes.flatMap((change) => (isMove(change) ? [change.index] : [])));
    if (moved.size === 0 || keepsLinks) return [...latest.values()];
    for (let index = 0; index < this.#size; index++) {
      const manager = this.#namedManager(index);
      if (manager === undefined || !moved.has(manager) || !this.exists(index)) continue;
      const managerBefore = this.exists(manager) ? null : this.rows.id(manager);
      add({ index, kind: 'upsert', isNew: false, managerBefore });
    }
    return [...latest.values()];
  }

  #holdings(index: number): number[] {
    const overlay = this.#overlay.get(index)?.assignedLicenses;
    if (Array.isArray(overlay)) {
      const ids = overlay.map((licence: { skuId?: string }) => licence.skuId?.toLowerCase());
      return SKUS.flatMap((sku, position) => (ids.includes(sku.skuId) ? [position] : []));
    }
    const held: number[] = [];
    const count = this.rows.holdings(index, held);
    return held.slice(0, count);
  }

  /** Holders of each SKU when the directory began: what the tenant's purchases were sized for. */
  baseHolders(): readonly number[] {
    this.#baseHolders ??= countHolders(this.rows);
    return this.#baseHolders;
  }

  /** Holders of each SKU now. */
  holders(): number[] {
    return this.baseHolders().map((base, sku) => base + (this.#holderChanges[sku] ?? 0));
  }
}

/** Whether somebody left or came back, so that links to them are gone or there again. */
const isMove = ({ kind, isNew }: Change): boolean => kind !== 'upsert' || isNew;

function countHolders(rows: Generator): number[] {
  const counts = new Float64Array(SKUS.length);
  const held: number[] = [];
  for (let index = 0; index < rows.baseSize; index++) {
    const count = rows.holdings(index, held);
    for (let position = 0; position < count; position++) {
      const sku = held[position] ?? 0;
      counts[sku] = (counts[sku] ?? 0) + 1;
    }
  }
  return [...counts];
}

function findErrors(rows: Generator): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (let index = 0; index < rows.baseSize; index++) {
    for (const group of assignmentErrors(COLUMNS.licenseAssignmentStates?.(rows, index))) {
      const list = found.get(group);
      if (list) list.push(index);
      else found.set(group, [index]);
    }
  }
  return found;
}
