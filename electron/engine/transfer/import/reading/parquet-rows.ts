import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { AppFailure } from '../../../../../shared/result.ts';
import { identifier, quoted } from '../../../index/sql/quoted.ts';
import type { SourceRow, SourceRows } from './source-row.ts';

/** A row group is read in pieces; this is for its pages and for what is sorted out of them. */
const MEMORY_LIMIT = '256MB';

const SETTINGS = {
  threads: '1',
  memory_limit: MEMORY_LIMIT,
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

/** One for the process, whose end is soon: starting another takes longer than most files. */
let reader: Promise<DuckDBInstance> | null = null;

/** Rows as DuckDB writes them in JSON: integers and decimals with their digits, times as ISO texts, bytes as escapes. */
export async function* parquetRows(path: string): SourceRows {
  reader ??= DuckDBInstance.create(':memory:', SETTINGS);
  const connection = await (await reader).connect();
  try {
    const row = await rowText(connection, path);
    const result = await connection.stream(`SELECT ${row} FROM read_parquet($1) AS r`, [literalPath(path)]);
    let at = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getColumnValues(0).map((text): SourceRow => {
        at += 1;
        return { kind: 'json', at, text: String(text) };
      });
    }
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    connection.interrupt();
    connection.closeSync();
  }
}

export async function countParquetRows(path: string): Promise<number> {
  reader ??= DuckDBInstance.create(':memory:', SETTINGS);
  const connection = await (await reader).connect();
  try {
    const found = await connection.runAndReadAll('SELECT count(*) FROM read_parquet($1)', [literalPath(path)]);
    return Number(found.getRows()[0]?.[0] ?? 0);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    connection.closeSync();
  }
}

/**
 * A row as JSON text. JSON of DuckDB makes doubles of decimals, and of numbers that are JSON already: where there are
 * such columns the text is put together, with their digits. Decimals within lists and structs are doubles.
 */
async function rowText(connection: DuckDBConnection, path: string): Promise<string> {
  const described = await connection.runAndReadAll('DESCRIBE SELECT * FROM read_parquet($1)', [literalPath(path)]);
  const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  if (!columns.some(({ type }) => isDecimal(type))) return 'to_json(r)::VARCHAR';
  const members = columns.map(({ name, type }, at) => {
    const column = `r.${identifier(name)}`;
    const value = isDecimal(type) ? column : `to_json(${column})`;
    return `${quoted(`${at === 0 ? '{' : ','}${JSON.stringify(name)}:`)}, coalesce(${value}::VARCHAR, 'null')`;
  });
  return `concat(${members.join(', ')}, '}')`;
}

function isDecimal(type: string): boolean {
  return /^DECIMAL\(\d+,\d+\)$/.test(type);
}

/** The path of one file: what would be a pattern of names in it stands for itself. */
function literalPath(path: string): string {
  return path.replaceAll(/[*?[]/g, (character) => `[${character}]`);
}

function unreadable(path: string, cause: unknown): AppFailure {
  const said = cause instanceof Error ? cause.message.split('\n', 1)[0] : '';
  return new AppFailure(
    'invalid-arguments',
    `${path} cannot be read as Parquet${said ? ` (${said})` : ''}. Get the file again, or choose another format.`,
    { cause },
  );
}
