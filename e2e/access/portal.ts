import { expect } from '@playwright/test';
import type { Database } from '#lib/db/database.ts';
import type { Role } from '../../scripts/access/model.ts';
import { leaks, outcomeOf } from './answers.ts';
import { openDatabase, rowsOf } from './database.ts';
import { headerComplaints, nonceOf } from './headers.ts';
import { type Answer, type Call, send } from './http.ts';
import { createWorld, type World } from './world.ts';

/** Who asks for what: words for what is found wrong. */
export type Subject = {
  readonly title: string;
  readonly role: Role;
  readonly request: string;
  /** What the request says of itself, and so may come back. */
  readonly given?: readonly string[];
};

/** What was found wrong, each with the request that shows it. */
export class Findings {
  readonly #list: string[] = [];

  add({ title, role, request }: Subject, complaints: readonly string[]): void {
    for (const complaint of complaints) this.#list.push(`${title}, ${role}, ${request}: ${complaint}`);
  }

  expectNone(): void {
    expect(this.#list).toEqual([]);
  }
}

/** The tested portal with two organizations in it, and somebody of each role to ask it. */
export class Portal {
  readonly url = process.env.PORTAL_URL ?? '';
  readonly #microsoftUrl = process.env.SIMULATOR_URL ?? '';
  readonly #nonces = new Set<string>();
  readonly database: Database;
  readonly world: World;

  private constructor(database: Database, world: World) {
    this.database = database;
    this.world = world;
  }

  static async open(): Promise<Portal> {
    const database = openDatabase(process.env.PORTAL_DATA_DIR ?? '');
    const { PORTAL_URL = '', SIMULATOR_URL = '' } = process.env;
    return new Portal(database, await createWorld(PORTAL_URL, SIMULATOR_URL, database));
  }

  close = (): Promise<void> => this.database.close();

  /** Asks as the role, and looks at what has to hold for every answer: its headers, and what must not be in it. */
  async ask(findings: Findings, subject: Subject, call: Call): Promise<Answer> {
    const answer = await send(this.url, { ...call, as: this.world.jars[subject.role] });
    const nonce = nonceOf(answer);
    findings.add(subject, [
      ...headerComplaints(answer),
      ...(nonce && this.#nonces.has(nonce) ? ['the nonce has been used before'] : []),
      ...leaks(answer, this.#forbiddenFor(subject.role), subject.given ?? []).map(
        (word) => `the answer has ${word} in it`,
      ),
    ]);
    if (nonce) this.#nonces.add(nonce);
    return answer;
  }

  /** An answer in the words of the table. */
  outcome = (answer: Answer): string => outcomeOf(answer, this.url, this.#microsoftUrl);

  /** Runs `work`, which must not change anything that belongs to either organization. */
  async changesNothing(work: () => Promise<unknown>): Promise<void> {
    const before = await this.rows();
    await work();
    expect(await this.rows()).toEqual(before);
  }

  /** All that belongs to both organizations, or to the one with this mark. */
  rows = (marks = [this.world.ours.mark, this.world.theirs.mark]) => rowsOf(this.database, marks);

  #forbiddenFor(role: Role): readonly string[] {
    const { ours, theirs } = this.world;
    const [ourWords, theirWords] = [ours, theirs].map(({ mark, personIds }) => [mark, ...personIds]);
    if (role === 'stranger') return ourWords ?? [];
    if (role === 'signed-out' || role === 'newcomer') return [...(ourWords ?? []), ...(theirWords ?? [])];
    return theirWords ?? [];
  }
}

export const differs = (got: string, expected: string): string[] =>
  got === expected ? [] : [`should be ${expected}, is ${got}`];
