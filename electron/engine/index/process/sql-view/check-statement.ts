import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from '../database.ts';
import { textAt } from '../row-cells.ts';
import { placeAt, refusal, statementFailure } from './sql-failure.ts';

/** What a person may read; DuckDB's own tables and those of the index are none of it. */
export const TABLES: readonly string[] = ['records', 's3object'];

/** Table functions that make rows of their arguments; every other one reads files, settings or the index. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'generate_series',
  'json_each',
  'json_tree',
  'range',
  'repeat',
  'repeat_row',
  'unnest',
]);

/** They change or tell something of the process, or keep it busy without working. */
const REFUSED_FUNCTIONS: ReadonlySet<string> = new Set([
  'current_setting',
  'currval',
  'getvariable',
  'nextval',
  'sleep_ms',
  'stats',
  'write_log',
]);

/** What a statement asks of the view; names in lower case. */
export interface Mentioned {
  readonly names: ReadonlySet<string>;
  /** It has a `*`, and so all columns. */
  readonly all: boolean;
}

type Tree = Readonly<Record<string, unknown>>;

/**
 * Answers what the statement names where it is one SELECT over `records`, and refuses everything else. DuckDB itself
 * reads it: what is allowed is found in its own tree, so no spelling gets around it.
 */
export async function checkStatement(connection: DuckDBConnection, statement: string): Promise<Mentioned> {
  const answer: unknown = JSON.parse(await treeText(connection, statement));
  if (!isTree(answer)) throw new TypeError('DuckDB answered no tree of the statement.');
  if (answer['error'] === true) throw readFailure(statement, answer);
  const statements = answer['statements'];
  const [only, second] = Array.isArray(statements) ? (statements as unknown[]) : [];
  if (only === undefined) throw refusal('There is no statement. Write one SELECT.');
  if (second !== undefined) throw refusal('There is more than one statement. Run one SELECT at a time.');
  const reader = new StatementReader(statement);
  reader.read(only, new Set());
  return { names: reader.names, all: reader.all };
}

async function treeText(connection: DuckDBConnection, statement: string): Promise<string> {
  try {
    const [row = []] = await selectRows(connection, 'SELECT json_serialize_sql($1::VARCHAR)', [statement]);
    return textAt(row, 0);
  } catch (error) {
    throw statementFailure(statement, error) ?? error;
  }
}

function readFailure(statement: string, { error_type: type, error_message: message, position }: Tree): Error {
  if (type === 'not implemented') {
    return refusal('Only a SELECT can be run here: the SQL view reads the index and changes nothing.');
  }
  const text = typeof message === 'string' ? message : 'the statement cannot be read';
  const offset = typeof position === 'string' ? Number(position) : null;
  return refusal(text, offset === null ? null : placeAt(statement, offsetOfCharacter(statement, offset)));
}

/** Walks DuckDB's tree; recursion is bounded, because DuckDB reads no expression that nests deeper than 1,000. */
class StatementReader {
  readonly names = new Set<string>();
  all = false;
  readonly #statement: string;

  constructor(statement: string) {
    this.#statement = statement;
  }

  /** `known` are the names that WITH gave, where they can be seen. */
  read(node: unknown, known: ReadonlySet<string>): void {
    if (Array.isArray(node)) {
      for (const each of node as unknown[]) this.read(each, known);
      return;
    }
    if (!isTree(node)) return;
    this.#look(node, known);
    const seen = this.#readNamedQueries(node, known);
    for (const [name, child] of Object.entries(node)) if (name !== 'cte_map') this.read(child, seen);
  }

  /** A query of a WITH sees those before it, and itself where it is recursive. */
  #readNamedQueries(node: Tree, known: ReadonlySet<string>): ReadonlySet<string> {
    const named = treeAt(node, 'cte_map')?.['map'];
    if (!Array.isArray(named) || named.length === 0) return known;
    const seen = new Set(known);
    for (const entry of named as unknown[]) {
      if (!isTree(entry)) continue;
      const name = lowerCase(textOf(entry['key']));
      const query = treeAt(treeAt(entry, 'value'), 'query');
      const isRecursive = treeAt(query, 'node')?.['type'] === 'RECURSIVE_CTE_NODE';
      this.read(entry['value'], isRecursive ? new Set([...seen, name]) : seen);
      seen.add(name);
    }
    return seen;
  }

  #look(node: Tree, known: ReadonlySet<string>): void {
    switch (node['type']) {
      case 'BASE_TABLE':
        this.#checkTable(node, known);
        return;
      case 'TABLE_FUNCTION': {
        const name = textOf(treeAt(node, 'function')?.['function_name']);
        if (TABLE_FUNCTIONS.has(lowerCase(name))) return;
        throw this.#refuse(
          node,
          `${name}() cannot be read here: the SQL view has no way to files, network or settings.`,
        );
      }
      case 'SHOW_REF':
        // DESCRIBE and SUMMARIZE hold a query; SHOW TABLES and its kin tell of the index.
        if (treeAt(node, 'query') !== null) return;
        throw refusal('There is nothing to show here but records: write DESCRIBE records.');
      case 'FUNCTION': {
        const name = textOf(node['function_name']);
        if (REFUSED_FUNCTIONS.has(lowerCase(name))) throw this.#refuse(node, `${name}() cannot be called here.`);
        return;
      }
      case 'VALUE_PARAMETER':
        throw refusal('There is nothing to bind to a parameter (? or $1): write the value itself.');
      case 'STAR':
        this.all = true;
        return;
      case 'COLUMN_REF': {
        const names = node['column_names'];
        if (Array.isArray(names)) for (const name of names as unknown[]) this.names.add(lowerCase(textOf(name)));
        return;
      }
      default:
    }
  }

  #checkTable(node: Tree, known: ReadonlySet<string>): void {
    const name = textOf(node['table_name']);
    const isPlain = node['schema_name'] === '' && node['catalog_name'] === '';
    if (isPlain && (TABLES.includes(lowerCase(name)) || known.has(lowerCase(name)))) return;
    throw this.#refuse(
      node,
      `There is no table ${JSON.stringify(name)} here: ask records, or S3Object, which is the same.`,
    );
  }

  #refuse(node: Tree, message: string): Error {
    const bytes = node['query_location'];
    const offset = typeof bytes === 'number' ? offsetOfByte(this.#statement, bytes) : null;
    return refusal(message, offset === null ? null : placeAt(this.#statement, offset));
  }
}

/** DuckDB compares names so. */
export function lowerCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function offsetOfCharacter(text: string, characters: number): number {
  return Array.from(text).slice(0, characters).join('').length;
}

/** Null where DuckDB knows of no place, for which it says the largest number that there is. */
function offsetOfByte(text: string, bytes: number): number | null {
  const whole = Buffer.from(text);
  return bytes > whole.length ? null : whole.toString('utf8', 0, bytes).length;
}

function treeAt(node: Tree | null, name: string): Tree | null {
  const child = node?.[name];
  return isTree(child) ? child : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
