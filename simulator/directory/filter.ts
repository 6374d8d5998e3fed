import type { Directory } from './directory.ts';
import { FilterError, supported } from './filter-support.ts';
import { SKUS } from './sku-catalog.ts';

/** Tests one row. */
export type Predicate = (directory: Directory, index: number) => boolean;

/**
 * A filter that was understood; `createdFrom`/`createdTo` bound the creation time of every match, in milliseconds, and
 * `ids` holds all that may match, where the filter names them.
 */
export type Filter = {
  readonly matches: Predicate;
  /** Needs the `ConsistencyLevel: eventual` header together with `$count=true`. */
  readonly advanced: boolean;
  readonly createdFrom: number | undefined;
  readonly createdTo: number | undefined;
  readonly ids?: readonly string[];
};

type Token = { readonly kind: 'word' | 'text' | 'punctuation'; readonly value: string };

const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z0-9_\-:.+/$]+)|([(),]))/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) throw new FilterError('Invalid filter clause: syntax error.', false);
    const [, quoted, word, punctuation] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else tokens.push({ kind: 'punctuation', value: punctuation ?? '' });
  }
  return tokens;
}

/** Parses `$filter` of the users collection, as far as Graph documents it; everything else is refused as Graph does. */
export function parseFilter(text: string): Filter {
  return new Parser(tokenize(text)).parse();
}

type Node = Filter;

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Filter {
    const node = this.#or();
    if (this.#position < this.#tokens.length)
      throw new FilterError('Invalid filter clause: syntax error.', false);
    return node;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#position];
  }

  #next(): Token {
    const token = this.#tokens[this.#position++];
    if (!token) throw new FilterError('Invalid filter clause: unexpected end.', false);
    return token;
  }

  #word(value: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'word' || token.value.toLowerCase() !== value) return false;
    this.#position += 1;
    return true;
  }

  #punctuation(value: string): void {
    const token = this.#next();
    if (token.kind !== 'punctuation' || token.value !== value)
      throw new FilterError(`Invalid filter clause: '${value}' expected.`, false);
  }

  #or(): Node {
    let left = this.#and();
    while (this.#word('or')) left = either(left, this.#and());
    return left;
  }

  #and(): Node {
    let left = this.#unary();
    while (this.#word('and')) left = both(left, this.#unary());
    return left;
  }

  #unary(): Node {
    if (this.#word('not')) {
      const inner = this.#unary();
      return { ...unbounded((directory, index) => !inner.matches(directory, index)), advanced: true };
    }
    const token = this.#peek();
    if (token?.kind === 'punctuation' && token.value === '(') {
      this.#position += 1;
      const inner = this.#or();
      this.#punctuation(')');
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Node {
    const name = this.#next().value;
    if (name.toLowerCase() === 'startswith') return this.#startsWith();
    if (name.toLowerCase() === 'assignedlicenses/any') return this.#holdsLicence();
    const operator = this.#next().value.toLowerCase();
    if (operator === 'in') return this.#in(name);
    if (operator !== 'eq' && operator !== 'ne' && operator !== 'ge' && operator !== 'le')
      throw new FilterError(
        `Unsupported or invalid query filter clause specified for property '${name}' of resource 'User'.`,
      );
    return comparison(name, operator, literal(this.#next()));
  }

  #startsWith(): Node {
    this.#punctuation('(');
    const name = this.#next().value;
    this.#punctuation(',');
    const prefix = this.#next().value.toLowerCase();
    this.#punctuation(')');
    const advanced = supported(name, 'startswith');
    return {
      ...unbounded((directory, index) =>
        textOf(directory.value(index, name)).toLowerCase().startsWith(prefix),
      ),
      advanced,
    };
  }

  #in(name: string): Node {
    this.#punctuation('(');
    const values: Literal[] = [];
    for (;;) {
      values.push(literal(this.#next()));
      const token = this.#next();
      if (token.value === ')') break;
      if (token.value !== ',') throw new FilterError("Invalid filter clause: ',' expected.", false);
    }
    const advanced = supported(name, 'in');
    const tests = values.map((value) => comparison(name, 'eq', value).matches);
    return {
      ...unbounded((directory, index) => tests.some((test) => test(directory, index))),
      advanced,
      ...(name === 'id' && { ids: values.map(({ text }) => text) }),
    };
  }

  #holdsLicence(): Node {
    this.#punctuation('(');
    this.#next();
    const skuPath = this.#next().value;
    const operator = this.#next().value.toLowerCase();
    const skuId = this.#next().value.toLowerCase();
    this.#punctuation(')');
    if (!skuPath.toLowerCase().endsWith('/skuid') || operator !== 'eq')
      throw new FilterError(
        "Unsupported or invalid query filter clause specified for property 'assignedLicenses' of resource 'User'.",
      );
    const known = SKUS.some((sku) => sku.skuId === skuId);
    return unbounded((directory, index) => {
      if (!known) return false;
      const licences = directory.value(index, 'assignedLicenses');
      return (
        Array.isArray(licences) && licences.some((licence: { skuId?: string }) => licence.skuId === skuId)
      );
    });
  }
}

type Literal = { readonly text: string; readonly isText: boolean };

const literal = (token: Token): Literal => {
  if (token.kind === 'punctuation')
    throw new FilterError('Invalid filter clause: a value was expected.', false);
  return { text: token.value, isText: token.kind === 'text' };
};

const unbounded = (matches: Predicate): Node => ({
  matches,
  advanced: false,
  createdFrom: undefined,
  createdTo: undefined,
});

const both = (a: Node, b: Node): Node => ({
  matches: (directory, index) => a.matches(directory, index) && b.matches(directory, index),
  advanced: a.advanced || b.advanced,
  createdFrom: later(a.createdFrom, b.createdFrom),
  createdTo: earlier(a.createdTo, b.createdTo),
  ...((a.ids ?? b.ids) && { ids: a.ids ?? b.ids }),
});

const either = (a: Node, b: Node): Node => ({
  ...unbounded((directory, index) => a.matches(directory, index) || b.matches(directory, index)),
  advanced: a.advanced || b.advanced,
});

const later = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);
const earlier = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

function comparison(name: string, operator: 'eq' | 'ne' | 'ge' | 'le', value: Literal): Node {
  const isNull = !value.isText && value.text.toLowerCase() === 'null';
  const advanced = supported(name, isNull ? 'null' : operator) || (isNull && operator === 'ne');
  if (name === 'createdDateTime' && !isNull) return createdComparison(operator, value, advanced);
  if (isNull) {
    const wanted = operator === 'eq';
    return {
      ...unbounded((directory, index) => (directory.value(index, name) === null) === wanted),
      advanced,
    };
  }
  const wanted = value.text.toLowerCase();
  const test = COMPARE[operator];
  return {
    ...unbounded((directory, index) => {
      const actual = directory.value(index, name);
      // A property without a value equals nothing and differs from everything.
      if (actual === null || actual === undefined) return operator === 'ne';
      return test(textOf(actual).toLowerCase(), wanted);
    }),
    advanced,
  };
}

function createdComparison(operator: 'eq' | 'ne' | 'ge' | 'le', value: Literal, advanced: boolean): Node {
  const moment = Date.parse(value.text);
  if (Number.isNaN(moment) || value.isText)
    throw new FilterError(
      `Invalid filter clause: A binary operator with incompatible types was detected. Found operand types 'Edm.DateTimeOffset' and 'Edm.String'.`,
      false,
    );
  const test = COMPARE_NUMBERS[operator];
  return {
    matches: (directory, index) => {
      const created = directory.value(index, 'createdDateTime');
      return typeof created === 'string' ? test(Date.parse(created), moment) : operator === 'ne';
    },
    advanced,
    createdFrom: operator === 'ge' || operator === 'eq' ? moment : undefined,
    createdTo: operator === 'le' || operator === 'eq' ? moment : undefined,
  };
}

const COMPARE = {
  eq: (a: string, b: string) => a === b,
  ne: (a: string, b: string) => a !== b,
  ge: (a: string, b: string) => a >= b,
  le: (a: string, b: string) => a <= b,
} as const;

const COMPARE_NUMBERS = {
  eq: (a: number, b: number) => a === b,
  ne: (a: number, b: number) => a !== b,
  ge: (a: number, b: number) => a >= b,
  le: (a: number, b: number) => a <= b,
} as const;

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
