import { JsonSyntaxError } from '../../shared/json/json-syntax-error.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { RecordDetail, RecordEdit } from '../../shared/record.ts';
import { UsageError } from './usage-error.ts';

/** `FIELD=JSON` of `dipper set`. */
export interface Assignment {
  readonly field: string;
  /** JSON text. */
  readonly text: string;
}

/** The field's name ends at the first `=`, or is a JSON string: `"a=b"=1`. */
export function parseAssignment(argument: string): Assignment {
  const quoted = /^("(?:[^"\\]|\\.)*")=/s.exec(argument)?.[1];
  const nameEnd = quoted === undefined ? argument.indexOf('=') : quoted.length;
  if (nameEnd <= 0)
    throw new UsageError(`"${argument}" is no change. Write it like rating=8.5 or title='"Casablanca"'.`);
  const field = quoted === undefined ? argument.slice(0, nameEnd) : readName(quoted);
  const text = argument.slice(nameEnd + 1).trim();
  try {
    readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const hint = /^[\p{L}\p{N} _.-]+$/u.test(text) ? ` Text needs its quotes: ${field}='${JSON.stringify(text)}'.` : '';
    throw new UsageError(
      `The value of "${field}" is no JSON (column ${error.column}): ${error.message.replace(/\.$/u, '')}.${hint}`,
    );
  }
  return { field, text };
}

function readName(quoted: string): string {
  const node = readJson(quoted);
  if (node.kind !== 'string') throw new UsageError(`${quoted} is no name of a field.`);
  return node.value;
}

type Fields = Pick<RecordDetail, 'id' | 'form' | 'fields'>;

export function editOf(record: Fields, { field, text }: Assignment): RecordEdit {
  return { ...fieldPath(record, field), text };
}

/**
 * Where a name leads, with the meaning that field names have in queries: the field of exactly this name; else
 * `metadata.…` and `fields.…`; else a path below the field before the first dot. A name without dots may be new.
 */
export function fieldPath(record: Fields, field: string): Pick<RecordEdit, 'part' | 'path'> {
  const hasField = (name: string): boolean => record.fields.some((member) => member.name === name);
  if (hasField(field) || !field.includes('.')) return { part: 'fields', path: [field] };
  const [root = '', ...below] = field.split('.');
  if (below.includes('') || root === '') throw new UsageError(`"${field}" has an empty name between its dots.`);
  if (hasField(root)) return { part: 'fields', path: [root, ...below] };
  if (root === 'metadata' && record.form !== 'plain') return { part: 'metadata', path: below };
  if (root === 'fields') return { part: 'fields', path: below };
  throw new UsageError(`"${record.id}" has no field "${root}" for "${field}" to be in. Set ${root} as a whole first.`);
}
