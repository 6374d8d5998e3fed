export type Token = {
  /** `string` is a string or a template without substitutions, and its text is what stands between the quotes. */
  readonly kind: 'word' | 'string' | 'punctuator';
  readonly text: string;
  readonly line: number;
  /** The first character of its line. */
  readonly startsLine: boolean;
};

/** After these words a slash begins a regular expression, after any other it divides. */
const WORDS_BEFORE_EXPRESSION = new Set(
  'await case delete do else in instanceof new of return throw typeof void yield'.split(' '),
);

const WORD = /[\p{ID_Start}$_#@\d][\p{ID_Continue}$\u200c\u200d]*/uy;
const LINE_COMMENT = /\/\/[^\n]*/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y;
/** The formatter leaves no letter before a quote: such a quote is an apostrophe in the text of a page. */
const STRING = /(?<![\p{L}\d])'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)"/uy;
const REGULAR_EXPRESSION = /\/(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;
/** A piece of a template, up to its end or its next substitution. */
const TEMPLATE_PIECE = /((?:[^`\\$]|\\[\s\S]|\$(?!\{))*)(`|\$\{)/y;

/**
 * The tokens of a TypeScript or JavaScript file, without comments and regular expressions; the code within the
 * substitutions of a template counts as code. Good enough to find imports, and no more: the text between JSX tags is
 * read as if it were code, in which a quote that has no partner on its line, or follows a letter, means nothing.
 * Throws when a template does not end.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  /** How many braces are open within each substitution that surrounds us. */
  const substitutions: number[] = [];
  let position = 0;
  let line = 1;

  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(source) ?? undefined;
  };
  const advance = (text: string) => {
    position += text.length;
    for (const character of text) if (character === '\n') line += 1;
  };
  const add = (kind: Token['kind'], text: string) => {
    tokens.push({ kind, text, line, startsLine: position === 0 || source[position - 1] === '\n' });
  };
  const readTemplatePiece = (isWhole: boolean) => {
    const piece = match(TEMPLATE_PIECE);
    if (!piece) throw new Error(`line ${line}: a template that does not end`);
    if (isWhole && piece[2] === '`') add('string', piece[1] ?? '');
    else add('punctuator', '`');
    advance(piece[0]);
    if (piece[2] === '${') substitutions.push(0);
  };

  while (position < source.length) {
    const character = source[position] ?? '';
    const skipped =
      match(LINE_COMMENT) ??
      match(BLOCK_COMMENT) ??
      (slashBeginsExpression(tokens) && match(REGULAR_EXPRESSION));
    if (skipped) {
      // A regular expression is a value: a slash after it divides.
      if (!/^\/[/*]/.test(skipped[0])) add('string', '');
      advance(skipped[0]);
      continue;
    }
    const string = match(STRING);
    const word = match(WORD);
    if (string) {
      add('string', string[1] ?? string[2] ?? '');
      advance(string[0]);
    } else if (word) {
      add('word', word[0]);
      advance(word[0]);
    } else if (character === '`') {
      advance(character);
      readTemplatePiece(true);
    } else if (character === '}' && substitutions.at(-1) === 0) {
      substitutions.pop();
      advance(character);
      readTemplatePiece(false);
    } else {
      const open = substitutions.at(-1);
      if (open !== undefined && character === '{') substitutions[substitutions.length - 1] = open + 1;
      if (open !== undefined && character === '}') substitutions[substitutions.length - 1] = open - 1;
      if (!/\s/.test(character)) add('punctuator', character);
      advance(character);
    }
  }
  return tokens;
}

function slashBeginsExpression(tokens: readonly Token[]): boolean {
  const before = tokens.at(-1);
  if (!before) return true;
  if (before.kind === 'word') return WORDS_BEFORE_EXPRESSION.has(before.text);
  // `<` stands before the slash of a closing tag.
  return before.kind === 'punctuator' && !')]}<`'.includes(before.text);
}
