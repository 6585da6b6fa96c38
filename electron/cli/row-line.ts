import type { ResultRow } from '../../shared/page.ts';
import { jsonLine } from '../../shared/json/json-line.ts';

/** One line of NDJSON: a record, or an object that is none with the reason. */
export function rowLine(row: ResultRow): string {
  const head = `{"id":${JSON.stringify(row.id)},"key":${JSON.stringify(row.key)}`;
  if (row.fields === null) return `${head},"error":${JSON.stringify(row.problem ?? 'It is no record.')}}`;
  return `${head},"fields":${jsonLine(row.fields)},"metadata":${row.metadata === null ? 'null' : jsonLine(row.metadata)}}`;
}
