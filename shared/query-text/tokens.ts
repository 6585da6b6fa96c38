import { QueryTextError } from './query-text-error.ts';

/** A piece of a query's text. `start` and `end` are UTF-16 units from 0. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'word'; readonly text: string }
  /** A field between backticks. */
  | { readonly kind: 'field'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: Mark }
  | { readonly kind: 'end' }
);

const MARKS = [
  '/*',
  '*/',
  '==',
  '!=',
  '>=',
  '<=',
  '=',
  '>',
  '<',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '.',
  '@',
] as const;
export type Mark = (typeof MARKS)[number];

const BLANKS = /\s*/y;
/** A name as it stands without quotes: letters of any script, digits, `_`, `$`, and `-` inside. */
const WORD = /[\p{L}\p{Nl}_$][\p{L}\p{Nl}\p{M}\p{Nd}_$-]*/uy;
const DATE = /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\p{L}\p{Nd}_-])/uy;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-Infinity(?![\p{L}\p{Nd}_])/uy;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const FIELD = /`(?:[^`]|``)*`/y;

export function isPlainWord(text: string): boolean {
  WORD.lastIndex = 0;
  return WORD.exec(text)?.[0] === text;
}

export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let start = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = start;
    return pattern.exec(text)?.[0] ?? null;
  };
  for (;;) {
    start += match(BLANKS)?.length ?? 0;
    if (start >= text.length) return [...tokens, { kind: 'end', start, end: start }];
    const token = readToken(text, start, match);
    tokens.push(token);
    start = token.end;
  }
}

function readToken(text: string, start: number, match: (pattern: RegExp) => string | null): Token {
  const date = match(DATE);
  if (date !== null) return { kind: 'string', value: date, start, end: start + date.length };
  const number = match(NUMBER);
  if (number !== null) return { kind: 'number', text: number, start, end: start + number.length };
  const word = match(WORD);
  if (word !== null) return { kind: 'word', text: word, start, end: start + word.length };
  if (text[start] === '"') return readString(start, match(STRING));
  if (text[start] === '`') {
    const field = match(FIELD);
    if (field === null) throw new QueryTextError('This ` has no other one behind it.', start);
    return { kind: 'field', text: field.slice(1, -1).replaceAll('``', '`'), start, end: start + field.length };
  }
  const mark = MARKS.find((known) => text.startsWith(known, start));
  if (mark !== undefined) return { kind: 'mark', text: mark, start, end: start + mark.length };
  if (text[start] === "'") throw new QueryTextError('Strings are written in double quotes, as in JSON.', start);
  throw new QueryTextError(
    `${JSON.stringify(String.fromCodePoint(text.codePointAt(start) ?? 0))} means nothing here.`,
    start,
  );
}

function readString(start: number, text: string | null): Token {
  if (text === null) throw new QueryTextError('This string has no closing quote.', start);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return { kind: 'string', value, start, end: start + text.length };
  } catch {
    // Said below: the parser of JavaScript says it in words of its own.
  }
  throw new QueryTextError('This string is none of JSON: write a \\ as \\\\ and a line break as \\n.', start);
}
