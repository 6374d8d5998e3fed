import { idOf, type LoadUser, loadUser } from './directory.ts';
import { Rows } from './rows.ts';

/** Of the users that change, one in so many is removed, and another one is new. */
const REMOVED_OR_ADDED = 20;
const DAY_SECONDS = 24 * 60 * 60;

/** A directory that can change. */
export class Directory {
  /** How often it has changed. */
  version = 0;
  /** Whether what has changed is told with `licenseAssignmentStates`. */
  tellsStates = true;
  rows: Rows;
  /** The rows of delta pages, by the version that brought them. */
  readonly #changes: string[][] = [];
  #highest: number;

  constructor(rows: Rows) {
    this.rows = rows;
    this.#highest = rows.users.length;
  }

  /** Changes so many users, evenly spread over the directory; some are removed, and as many are new. */
  change(amount: number): void {
    this.version += 1;
    const moved = Math.floor(amount / REMOVED_OR_ADDED);
    const { users } = this.rows;
    const stride = users.length / (amount - moved);
    const chosen = new Set(
      Array.from({ length: amount - moved }, (_, k) => Math.floor((k + (this.version % 7) / 7) * stride)),
    );
    const changes: string[] = [];
    const next: LoadUser[] = [];
    let removals = 0;
    for (const [index, user] of users.entries()) {
      if (!chosen.has(index)) next.push(user);
      else if (removals < moved && this.#isNobodysManager(user) && changes.length % 8 === 0) {
        removals += 1;
        changes.push(JSON.stringify({ id: idOf(user.n), '@removed': { reason: 'changed' } }));
      } else {
        const changed = { ...user, version: user.version + 1 };
        next.push(changed);
        changes.push(this.#deltaRow(changed));
      }
    }
    let createdAt = users.at(-1)?.createdAt ?? 0;
    for (let k = 0; k < moved; k += 1) {
      createdAt += DAY_SECONDS / moved;
      const added = { n: this.#highest, createdAt: Math.floor(createdAt), version: 0 };
      this.#highest += 1;
      next.push(added);
      changes.push(this.#deltaRow(added));
    }
    this.#changes.push(changes);
    this.rows = new Rows(next, this.rows);
  }

  /** What has changed since a version, in the order in which it happened. */
  changesSince(version: number): string[] {
    return this.#changes.slice(version).flat();
  }

  /** Microsoft takes a removed manager from everybody who had them; the generator removes none. */
  #isNobodysManager({ n }: LoadUser): boolean {
    return n > this.#highest / 2;
  }

  /** As a delta page has it: the manager is an annotation, and what was never set is missing. */
  #deltaRow(user: LoadUser): string {
    const { manager, licenseAssignmentStates, ...row } = loadUser(user);
    const set = Object.entries(row).filter(([, value]) => value !== null);
    return JSON.stringify({
      ...Object.fromEntries(set),
      ...(this.tellsStates && { licenseAssignmentStates }),
      ...(manager ? { 'manager@delta': [manager] } : {}),
    });
  }
}
