import { type Token, tokenize } from './tokens.ts';

export type Import = {
  /** As written: `./x.ts`, `#lib/core/ids.ts`, `pg`. */
  readonly specifier: string;
  readonly line: number;
  /** `import type` and `export type`: nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean;
};

export type EnvironmentRead = {
  /** The variable, or undefined where the whole environment is taken. */
  readonly name: string | undefined;
  readonly line: number;
};

export type Scan = { readonly imports: Import[]; readonly environmentReads: EnvironmentRead[] };

/**
 * The modules that a file imports, re-exports, imports dynamically or requires by a literal name, and where it reads
 * `process.env`. Static imports and exports are seen where the formatter puts them: at the beginning of a line.
 */
export function scan(source: string): Scan {
  const tokens = tokenize(source);
  const imports: Import[] = [];
  const environmentReads: EnvironmentRead[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'word') return;
    const found = staticImport(tokens, index) ?? reExport(tokens, index) ?? dynamicImport(tokens, index);
    if (found) imports.push(found);
    const read = environmentRead(tokens, index);
    if (read) environmentReads.push(read);
  });
  return { imports, environmentReads };
}

/** The token's text, where it is code: a string that says `from` is not the word `from`. */
const code = (token: Token | undefined) => (token?.kind === 'string' ? undefined : token?.text);

function staticImport(tokens: readonly Token[], index: number): Import | undefined {
  const [token, next] = [tokens[index], tokens[index + 1]];
  if (code(token) !== 'import' || !token?.startsLine) return undefined;
  if (next?.kind === 'string') return { specifier: next.text, line: token.line, isTypeOnly: false };
  if (code(next) === '(' || code(next) === '.') return undefined;
  // `import type from './x.ts'` and `import type, { a } from './x.ts'` import a value whose name is type.
  const isTypeOnly = code(next) === 'type' && !['from', ','].includes(tokens[index + 2]?.text ?? '');
  return fromClause(tokens, index + 1, { line: token.line, isTypeOnly });
}

function reExport(tokens: readonly Token[], index: number): Import | undefined {
  const token = tokens[index];
  if (code(token) !== 'export' || !token?.startsLine) return undefined;
  const isTypeOnly = code(tokens[index + 1]) === 'type';
  const list = index + (isTypeOnly ? 2 : 1);
  if (code(tokens[list]) === '*') return fromClause(tokens, list, { line: token.line, isTypeOnly });
  if (code(tokens[list]) !== '{') return undefined;
  const end = tokens.findIndex((candidate, at) => at > list && code(candidate) === '}');
  return code(tokens[end + 1]) === 'from'
    ? fromClause(tokens, end, { line: token.line, isTypeOnly })
    : undefined;
}

function fromClause(
  tokens: readonly Token[],
  start: number,
  found: Omit<Import, 'specifier'>,
): Import | undefined {
  const from = tokens.findIndex(
    (token, at) => at >= start && code(token) === 'from' && tokens[at + 1]?.kind === 'string',
  );
  const specifier = tokens[from + 1];
  return from < 0 || !specifier ? undefined : { specifier: specifier.text, ...found };
}

function dynamicImport(tokens: readonly Token[], index: number): Import | undefined {
  const [token, bracket, name] = tokens.slice(index, index + 3);
  const isCall = (code(token) === 'import' || code(token) === 'require') && code(bracket) === '(';
  if (!token || !isCall || code(tokens[index - 1]) === '.' || name?.kind !== 'string') return undefined;
  return { specifier: name.text, line: token.line, isTypeOnly: false };
}

function environmentRead(tokens: readonly Token[], index: number): EnvironmentRead | undefined {
  const token = tokens[index];
  if (!token || code(token) !== 'process') return undefined;
  // `const { env } = process;`
  if (code(tokens[index - 1]) === '=' && code(tokens[index - 2]) === '}')
    return { name: undefined, line: token.line };
  const rest = tokens.slice(index + 1, index + 8).filter((candidate) => code(candidate) !== '?');
  const [access, env, ...then] = rest;
  const isEnvironment =
    (code(access) === '.' && code(env) === 'env') ||
    (code(access) === '[' && env?.kind === 'string' && env.text === 'env');
  if (!isEnvironment) return undefined;
  const [separator, name] = code(access) === '[' ? then.slice(1) : then;
  const isNamed = code(separator) === '.' || (code(separator) === '[' && name?.kind === 'string');
  return { name: isNamed ? name?.text : undefined, line: token.line };
}
