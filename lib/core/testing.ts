/*
 * For tests: input as nobody would wish for it.
 */
import fc from 'fast-check';

/** Names that every object answers to, and texts that have hurt programs before. */
const NASTY_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud83d',
  '\udc00x',
  '\u202egnp.exe',
  '\u200b',
  '\ufeff',
  '\r\nset-cookie: a=b',
  '\u2028',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e309',
  '0x10',
  '١٢٣',
  '[object Object]',
  '{}',
  '[]',
  '"',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text that a template engine would run.
  '${7*7}',
  '=cmd|"/c calc"!A1',
  '../../etc/passwd',
  '%00',
  '%',
  '%E0%A4%A',
  'https://evil.example/',
  '//evil.example',
  'javascript:alert(1)',
  '2026-02-30T25:61:61Z',
  '+999999-01-01T00:00:00Z',
  '11111111-aaaa-4bbb-8ccc-00000000000g',
  '11111111-AAAA-4BBB-8CCC-000000000001\n',
  'x'.repeat(5000),
  '%'.repeat(5000),
  '𝒳'.repeat(3000),
];

/** Any text: readable, random code units with halves of surrogate pairs, or one of the nasty ones. */
export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map(fromCodeUnits),
  },
  { weight: 1, arbitrary: fc.uuid() },
);

function fromCodeUnits(units: readonly number[]): string {
  return String.fromCharCode(...units);
}

const nastyNumber = fc.constantFrom(
  0,
  -0,
  -1,
  0.5,
  Number.NaN,
  Infinity,
  -Infinity,
  2 ** 31,
  2 ** 53,
  -(2 ** 53) - 2,
  1e308,
  Number.MIN_VALUE,
);

const deep = (levels: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { next: value };
  return value;
};

/** Objects have their members as JSON.parse would give them: a `__proto__` is a member like any other. */
const objectOf = (member: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(hostileText, member), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));

/** Any value that JSON or a caller could hand over, of any shape. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    hostileText,
    nastyNumber,
    fc.constantFrom<unknown>(null, undefined, true, false, [], {}, [[]], deep(400)),
    fc.double(),
    fc.array(tie('value'), { maxLength: 4 }),
    objectOf(tie('value')),
  ),
})).value;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The example with one place, `path` steps into it, changed by `change`. */
function changedAt(example: unknown, path: readonly number[], change: (part: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(example);
  if (Array.isArray(example) && example.length > 0) {
    const at = step % example.length;
    return example.map((item, index) => (index === at ? changedAt(item, rest, change) : item));
  }
  if (isRecord(example) && Object.keys(example).length > 0) {
    const keys = Object.keys(example);
    const key = keys[step % keys.length] ?? '';
    return Object.fromEntries(
      keys.map((name) => [name, name === key ? changedAt(example[name], rest, change) : example[name]]),
    );
  }
  return change(example);
}

const withoutOneMember = (part: unknown, at: number): unknown =>
  isRecord(part)
    ? Object.fromEntries(Object.entries(part).filter((_, index, { length }) => index !== at % length))
    : undefined;

const withMember = (part: unknown, key: string, value: unknown): unknown =>
  isRecord(part) ? Object.fromEntries([...Object.entries(part), [key, value]]) : [part, value];

const change: fc.Arbitrary<(part: unknown) => unknown> = fc.oneof(
  hostileValue.map((value) => () => value),
  hostileText.map((text) => () => text),
  hostileText.map((text) => (part: unknown) => (typeof part === 'string' ? part + text : text)),
  nastyNumber.map((number) => () => number),
  fc.constant((part: unknown) => [part, part]),
  fc.constant((part: unknown) => ({ value: part })),
  fc.nat(20).map((at) => (part: unknown) => withoutOneMember(part, at)),
  fc.tuple(hostileText, hostileValue).map(
    ([key, value]) =>
      (part: unknown) =>
        withMember(part, key, value),
  ),
);

/**
 * Input that is nearly right: an example with up to three places of it replaced, repeated, wrapped or left out. Or,
 * now and then, something else altogether.
 */
export const nearly = (...examples: readonly [unknown, ...unknown[]]): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...examples),
          fc.array(fc.tuple(fc.array(fc.nat(30), { maxLength: 5 }), change), { maxLength: 3 }),
        )
        .map(([example, changes]) =>
          changes.reduce((value, [path, apply]) => changedAt(value, path, apply), example),
        ),
    },
    { weight: 1, arbitrary: hostileValue },
  );

/** A property gets at least so many inputs; `scripts/borders.test.ts` adds them up. */
export const RUNS_MIN = 250;
export const RUNS = 400;

/** For a long search now and then: `HOSTILE_FACTOR=20` tries twenty times as many, a `TEST_SEED` other ones. */
const FACTOR = Number(process.env.HOSTILE_FACTOR) || 1;

/** Checks a property on so many inputs. A failure names the seed and the smallest input that was found. */
export const forAll = <T>(
  input: fc.Arbitrary<T>,
  check: (value: T) => void | Promise<void>,
  numRuns = RUNS,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(input, async (value) => {
      await check(value);
    }),
    { numRuns: FACTOR * Math.max(RUNS_MIN, numRuns) },
  );

/** Every text in a value, names of members included. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (isRecord(value)) return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
  return [];
}

/** Whether PostgreSQL has room for it. */
export const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** The same numbers in [0, 1) for the same seed. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
