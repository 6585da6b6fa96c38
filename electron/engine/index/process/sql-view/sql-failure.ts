import { AppFailure } from '../../../../../shared/result.ts';

/** One-based. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export function placeAt(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What is wrong with a statement, and where. */
export function refusal(message: string, place: TextPlace | null = null, cause?: unknown): AppFailure {
  const where = place === null ? '' : `Line ${String(place.line)}, column ${String(place.column)}: `;
  return new AppFailure('invalid-query', where + message, {
    ...(place === null ? {} : { detail: { line: place.line, column: place.column } }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * DuckDB's error about a person's statement in our form, with its words; null where it is none of the statement's making.
 * `INTERNAL` and `FATAL` are DuckDB's own faults: see `isFault`.
 */
export function statementFailure(statement: string, error: unknown): AppFailure | null {
  if (!(error instanceof Error) || isFault(error)) return null;
  const [, kind = '', said = ''] = /^([A-Za-z ]+) Error: (.*)$/s.exec(error.message) ?? [];
  if (!STATEMENT_ERRORS.has(kind)) return null;
  const [text = '', excerpt] = said.split(/\n\n(?=LINE \d+: )/);
  const message = text.trim().replaceAll(/\s*\n\s*/g, ' ');
  return refusal(message, excerpt === undefined ? null : placeInExcerpt(statement, excerpt), error);
}

/** A fault inside DuckDB, after which the database has to be opened anew. What is in the file is not touched by it. */
export function isFault(error: unknown): boolean {
  return error instanceof Error && /^(INTERNAL|FATAL) Error|database has been invalidated/i.test(error.message);
}

const STATEMENT_ERRORS: ReadonlySet<string> = new Set([
  'Binder',
  'Catalog',
  'Conversion',
  'Constraint',
  'Invalid',
  'Invalid Input',
  'Invalid Type',
  'Mismatch Type',
  'Not implemented',
  'Out of Range',
  'Parameter Not Resolved',
  'Parser',
  'Permission',
  'Syntax',
  'TransactionContext',
]);

/** DuckDB shows the line, or of a long one the part around the place between dots, and a caret below. */
function placeInExcerpt(statement: string, excerpt: string): TextPlace | null {
  const [, label = '', number = '', shown = '', indent = ''] = /^(LINE (\d+): )([^\n]*)\n( *)\^/.exec(excerpt) ?? [];
  const line = statement.split('\n')[Number(number) - 1];
  if (line === undefined) return null;
  const caret = indent.length - label.length;
  if (line.startsWith(shown)) return { line: Number(number), column: caret + 1 };
  const begin = shown.startsWith('...') ? 3 : 0;
  const part = shown.slice(begin).replace(/\.\.\.$/, '');
  const start = line.indexOf(part);
  return start === -1 ? null : { line: Number(number), column: start + caret - begin + 1 };
}
