import { JsonSyntaxError } from '../../shared/json/json-syntax-error.ts';
import type { JsonNode } from '../../shared/json/node.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { FieldSortKey } from '../../shared/query.ts';
import { parseWhere } from '../../shared/query-text/parse-where.ts';
import { queryJson } from '../../shared/query-text/query-json.ts';
import { QueryTextError } from '../../shared/query-text/query-text-error.ts';
import { markedPlace } from './marked-place.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Members of a query that options set; null takes the member away. */
export type QueryOverrides = Readonly<Partial<Record<'sort' | 'limit' | 'offset' | 'select', unknown>>>;

/**
 * The JSON text of a query: a query file's with the options over it. The file's own text is kept, because its numbers
 * may have more digits than a double.
 */
export function mergeQuery(file: string | null, overrides: QueryOverrides): string {
  const members = file === null ? [] : readMembers(file).filter(({ name }) => !(name in overrides));
  for (const [name, value] of Object.entries(overrides)) {
    if (value !== null) members.push({ name, text: JSON.stringify(value) });
  }
  return `{${members.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}

/** Which records are meant: a query file, or conditions as text. */
export interface GivenQuery {
  /** Path of a file; `-` is standard input. */
  readonly query?: string;
  readonly where?: string;
}

/** The JSON text of the query that is given; null where none is. */
export async function readGivenQuery(terminal: Terminal, { query, where }: GivenQuery): Promise<string | null> {
  if (query !== undefined && where !== undefined) {
    throw new UsageError('--query and --where exclude each other. Leave one out.');
  }
  if (where !== undefined) return whereQuery(where);
  return query === undefined ? null : await readTextFile(terminal, query, 'query file');
}

function whereQuery(text: string): string {
  try {
    const where = parseWhere(text);
    return where === null ? '{}' : queryJson({ where });
  } catch (error) {
    if (!(error instanceof QueryTextError)) throw error;
    const place = markedPlace(text, error.column - 1);
    throw new UsageError(`--where, column ${error.column}: ${error.message}\n${place}`);
  }
}

/** A file that the command line names, without a byte order mark; `-` is standard input. `what` begins a sentence. */
export async function readTextFile(terminal: Terminal, path: string, what: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await terminal.readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null) throw error;
    throw new UsageError(
      `The ${what} "${path}" cannot be read (${code}). Name one that is there, or - for standard input.`,
    );
  }
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** `rating,-title`. */
export function parseSort(text: string): readonly FieldSortKey[] {
  return names(text, '--sort').map((name) =>
    name.startsWith('-') ? { field: name.slice(1), direction: 'desc' } : { field: name, direction: 'asc' },
  );
}

export function parseSelect(text: string): readonly string[] {
  return names(text, '--select');
}

/** A non-negative integer. */
export function parseCount(text: string, option: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${option} takes a whole number from 0, not "${text}".`);
  const count = Number(text);
  if (Number.isSafeInteger(count)) return count;
  throw new UsageError(`${option} takes a whole number up to ${Number.MAX_SAFE_INTEGER}; ${text} is above that.`);
}

function names(text: string, option: string): readonly string[] {
  const found = text.split(',').map((name) => name.trim());
  if (found.some((name) => name === '' || name === '-')) {
    throw new UsageError(`${option} takes names of fields with commas between, not "${text}".`);
  }
  return found;
}

function readMembers(text: string): { name: string; text: string }[] {
  let root: JsonNode;
  try {
    root = readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new UsageError(`The query is no JSON: line ${error.line}, column ${error.column}: ${error.message}`);
  }
  if (root.kind !== 'object') throw new UsageError('The query has to be a JSON object, such as {"limit": 10}.');
  const members = new Map<string, string>();
  for (const { name, value } of root.members) members.set(name, text.slice(value.start, value.end));
  return Array.from(members, ([name, value]) => ({ name, text: value }));
}
