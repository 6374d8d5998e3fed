import type pg from 'pg';
import type { Problem } from '#lib/core/problem.ts';
import { withTransaction } from '#lib/db/database.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { CallOptions, RequestTrace } from '#lib/microsoft/http/call-options.ts';
import { writeFreshness } from './freshness.ts';
import { type Incident, incidentOf, incidentOfProblem, SLOW_MS, withIncident } from './incidents.ts';
import { type ClaimedRun, holdLease, type Lease, LeaseLost, renewLease, saveProgress } from './lease.ts';
import type {
  Certificate,
  PhaseName,
  PhaseRecord,
  ReadMethod,
  UserChanges,
  UsersCheckpoint,
} from './model.ts';
import { READING, type Reading } from './reading.ts';
import { type Turn, Turns } from './turns.ts';

/** How often progress is written down while pages come in; more would only slow them. */
const SAVE_INTERVAL_MS = 250;

export type PhaseEnd = {
  readonly state: 'completed' | 'partial' | 'failed' | 'skipped';
  readonly problem?: Problem;
  readonly received?: number;
  readonly expected?: number;
  readonly written?: number;
  readonly retired?: number;
  /** How it was read; in full where nothing is said. */
  readonly method?: ReadMethod;
  readonly notTracked?: string;
  readonly changes?: UserChanges;
  readonly certificate?: Certificate;
};

/** How a run is worked on: by default as its own size says, and as if it were the only one. */
export type Manner = { readonly reading?: Reading; readonly turn?: Turn };

/**
 * A run in the hands of this worker: its phases as they go on, and the ways to write that hold only as long as the
 * run is ours. When it is not, or when it must stop, `signal` is aborted.
 */
export class ActiveRun {
  readonly lease: Lease;
  readonly claim: ClaimedRun;
  readonly ctx: Ctx;
  readonly reading: Reading;
  readonly turn: Turn;
  checkpoint: UsersCheckpoint | undefined;
  /** Claims since the last step forward, this one included. */
  attempts: number;
  readonly #stop = new AbortController();
  readonly #heartbeat: NodeJS.Timeout;
  #hasAdvanced = false;
  #isDirty = false;
  #saving: Promise<void> | undefined;
  #pause: NodeJS.Timeout | undefined;
  /** The last answer that was no success. */
  #refused: RequestTrace | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(ctx: Ctx, lease: Lease, claim: ClaimedRun, { reading = READING, turn }: Manner = {}) {
    this.ctx = ctx;
    this.reading = reading;
    this.turn = turn ?? new Turns().begin();
    this.lease = lease;
    this.claim = claim;
    this.checkpoint = claim.checkpoint;
    this.attempts = claim.attempts;
    this.#heartbeat = setInterval(() => void this.#beat(), (lease.seconds * 1000) / 3);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get pool(): pg.Pool {
    return this.ctx.database.pool;
  }

  /** The record of a phase; it may be changed, and `touch` or `save` writes it down. */
  record(phase: PhaseName): PhaseRecord {
    const record = this.claim.phases.find((candidate) => candidate.phase === phase);
    if (!record) throw new Error(`This run has no phase ${phase}.`);
    return record;
  }

  /** Ends the work: what is begun is finished, nothing new begins. */
  stop(reason: unknown): void {
    this.#stop.abort(reason);
  }

  /** How the calls of a phase to Microsoft are made: patiently, counted, and stopped with the run. */
  callOptions(phase: PhaseName): CallOptions {
    const record = this.record(phase);
    return {
      signal: this.signal,
      patience: 'background',
      onRequest: () => {
        record.requests += 1;
        record.waitingUntil = null;
      },
      onAnswer: ({ durationMs, ...trace }) => {
        if ((trace.microsoft?.status ?? 0) >= 400) this.#refused = trace;
        if (durationMs < SLOW_MS) return;
        this.#note(record, { kind: 'slow', durationMs, trace });
      },
      onRetry: ({ reason, waitMs, trace }) => {
        if (reason === 'throttled') record.throttled += 1;
        record.waitingUntil = new Date(this.ctx.clock().getTime() + waitMs).toISOString();
        record.waitingFor = reason;
        // Where another request was told to wait, that one has left the note.
        if (trace) this.#note(record, { kind: reason, waitMs, trace });
        this.touch();
      },
    };
  }

  /** Keeps what Microsoft answered last, where that ended an attempt. */
  noteProblem(phase: PhaseName, problem: Problem): void {
    const record = this.record(phase);
    const incident = incidentOfProblem(problem, this.#refused, this.ctx.clock());
    if (incident) record.incidents = withIncident(record.incidents, incident);
  }

  /** Notes that something was completed that need not be done again. */
  advance(): void {
    this.#hasAdvanced = true;
    this.attempts = 0;
    this.#tellSize();
    this.touch();
  }

  #tellSize(): void {
    for (const { phase, received, expected } of this.claim.phases) {
      if (phase === 'users') this.turn.expect(Math.max(received, expected ?? 0));
    }
  }

  /** Writes progress down soon. A failure ends the run by `signal`. */
  touch(): void {
    this.#isDirty = true;
    if (this.#saving || this.#pause || this.#failure) return;
    this.#isDirty = false;
    this.#saving = saveProgress(this.pool, this.lease, this.#progress())
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#saving = undefined;
      });
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#isDirty) this.touch();
    }, SAVE_INTERVAL_MS);
  }

  /** Writes progress down now. Throws LeaseLost. */
  async save(): Promise<void> {
    await this.#settle();
    if (this.#failure) throw this.#failure.error;
    await saveProgress(this.pool, this.lease, this.#progress());
  }

  /**
   * Ends a phase together with its last writes, so that a crash leaves both or neither. The writes run in one
   * transaction that holds the lease; what they return goes into the record. Throws LeaseLost.
   */
  async endPhase(phase: PhaseName, write: (client: pg.PoolClient) => Promise<PhaseEnd>): Promise<void> {
    await this.#settle();
    const record = this.record(phase);
    const end = await withTransaction(this.pool, async (client) => {
      await holdLease(client, this.lease);
      const written = await write(client);
      const ended: PhaseRecord = {
        ...record,
        ...written,
        method: written.method ?? written.certificate?.method ?? record.method,
        problem: written.problem,
        waitingUntil: null,
        endedAt: this.ctx.clock().toISOString(),
      };
      const phases = this.claim.phases.map((other) => (other === record ? ended : other));
      if (ended.state === 'completed') await this.#writeFreshness(client, ended);
      await saveProgress(client, this.lease, { phases, checkpoint: undefined, hasAdvanced: true });
      return ended;
    });
    Object.assign(record, end);
    this.checkpoint = undefined;
    this.attempts = 0;
    this.#hasAdvanced = false;
  }

  /** Stops the heartbeat and waits for a save under way. The run stays ours until its lease ends or is given back. */
  async dispose(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#settle();
  }

  /** Afterwards nothing is being saved, and nothing will be until it is asked for. */
  async #settle(): Promise<void> {
    this.#isDirty = false;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    await this.#saving;
  }

  async #writeFreshness(client: pg.PoolClient, { phase, startedAt, method = 'full' }: PhaseRecord) {
    const { tenantId, runId } = this.lease;
    const freshAt = startedAt ? new Date(startedAt) : this.ctx.clock();
    await writeFreshness(client, tenantId, { phase, runId, freshAt, method });
  }

  /** Keeps what was slow or refused with the phase. */
  #note(
    record: PhaseRecord,
    note: Pick<Incident, 'kind' | 'waitMs' | 'durationMs'> & { readonly trace: RequestTrace },
  ): void {
    record.incidents = withIncident(record.incidents, incidentOf(note, this.ctx.clock()));
    this.touch();
  }

  #progress() {
    const hasAdvanced = this.#hasAdvanced;
    this.#hasAdvanced = false;
    return { phases: this.claim.phases, checkpoint: this.checkpoint, hasAdvanced };
  }

  async #beat(): Promise<void> {
    try {
      await renewLease(this.pool, this.lease);
    } catch (error) {
      // A database that is away for a moment ends nothing: while we cannot write, nobody is harmed.
      if (error instanceof LeaseLost) this.#fail(error);
      else this.ctx.log.warn('the lease of an import was not renewed', { error });
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop.abort(error);
  }
}
