import { newGuid } from '../state/hash.ts';

export type Service = 'login' | 'graph' | 'arm' | 'ea';

/**
 * What happens to a matching request. `throttle`, `error` and `hang` act instead of the operation; `latency` delays it,
 * `churn` changes the directory just before it and `empty-page` makes it a page without rows that goes on; the others
 * let it happen and spoil its answer.
 */
export const FAULT_KINDS = [
  'latency',
  'throttle',
  'error',
  'hang',
  'churn',
  'empty-page',
  'reset',
  'truncate',
  'content-type',
  'shape',
  'duplicate-rows',
  'foreign-link',
  'repeat-link',
  'lost-link',
  'lost-rows',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const RETRY_AFTER_FORMS = ['seconds', 'fraction', 'date', 'none'] as const;
export type RetryAfterForm = (typeof RETRY_AFTER_FORMS)[number];

export type FaultRule = {
  readonly id: string;
  readonly kind: FaultKind;
  /** What the control page calls it. */
  readonly label: string | undefined;
  readonly service: Service | undefined;
  readonly tenantId: string | undefined;
  readonly method: string | undefined;
  /** A text that the path with its query must contain, compared without regard to case. */
  readonly path: string | undefined;
  /** Matching requests that pass before the rule acts. */
  readonly after: number;
  /** The rule acts on every n-th matching request. */
  readonly every: number;
  /** How often the rule acts; undefined: until it is removed. */
  readonly times: number | undefined;
  readonly status: number;
  readonly code: string | undefined;
  /** The OAuth error of a refusal by the login service; its `code` is then a number such as `AADSTS7000222`. */
  readonly error: string | undefined;
  readonly message: string | undefined;
  readonly delayMs: number;
  /** The form of `Retry-After`; an `error` without one that was asked for has none. */
  readonly retryAfter: RetryAfterForm;
  readonly retryAfterSeconds: number;
  /** Where `foreign-link` leads. */
  readonly foreignOrigin: string;
};

export type FaultRequest = {
  readonly service: Service;
  readonly tenantId: string | undefined;
  /** Application and tenant. */
  readonly client: string;
  readonly method: string;
  readonly path: string;
};

/** Values of a rule that are not given. */
export const FAULT_DEFAULTS = {
  after: 0,
  every: 1,
  status: 503,
  delayMs: 0,
  retryAfterSeconds: 1,
  foreignOrigin: 'http://attacker.invalid',
} as const;

/** The active rules and how often each one has seen and hit a request. */
export class Faults {
  readonly #rules: { rule: FaultRule; seen: number; hits: number }[] = [];

  add(rule: Omit<FaultRule, 'id'>): FaultRule {
    const added = { ...rule, id: newGuid() };
    this.#rules.push({ rule: added, seen: 0, hits: 0 });
    return added;
  }

  list(): (FaultRule & { seen: number; hits: number })[] {
    return this.#rules.map(({ rule, seen, hits }) => ({ ...rule, seen, hits }));
  }

  remove(id: string): boolean {
    const position = this.#rules.findIndex(({ rule }) => rule.id === id);
    if (position >= 0) this.#rules.splice(position, 1);
    return position >= 0;
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The rules that act on this request, in the order in which they were made; counts the request. */
  match(request: FaultRequest): FaultRule[] {
    const acting: FaultRule[] = [];
    for (const entry of this.#rules) {
      if (!matches(entry.rule, request)) continue;
      entry.seen += 1;
      const { after, every, times } = entry.rule;
      const turn = entry.seen - after;
      if (turn < 1 || (turn - 1) % every !== 0 || (times !== undefined && entry.hits >= times)) continue;
      entry.hits += 1;
      acting.push(entry.rule);
    }
    return acting;
  }
}

function matches(rule: FaultRule, request: FaultRequest): boolean {
  return (
    (rule.service === undefined || rule.service === request.service) &&
    (rule.tenantId === undefined || rule.tenantId.toLowerCase() === request.tenantId?.toLowerCase()) &&
    (rule.method === undefined || rule.method.toUpperCase() === request.method) &&
    (rule.path === undefined || request.path.toLowerCase().includes(rule.path.toLowerCase()))
  );
}

/** The `Retry-After` value of a form; undefined for none. */
export function retryAfterValue(form: RetryAfterForm, seconds: number, now: number): string | undefined {
  switch (form) {
    case 'seconds':
      return String(Math.ceil(seconds));
    case 'fraction':
      return (seconds + 0.128).toFixed(3);
    case 'date':
      return new Date(now + Math.ceil(seconds) * 1000).toUTCString();
    case 'none':
      return undefined;
  }
}
