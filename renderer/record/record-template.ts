import type { FieldKind, FieldSummary } from '../../shared/page.ts';
import type { RecordDetail } from '../../shared/record.ts';
import { pretty } from './record-document.ts';

/** Fields of a template: a collection can have thousands, a person fills in a few. */
const MOST_FIELDS = 40;

const EMPTY: Readonly<Record<FieldKind, string>> = {
  string: '""',
  date: '""',
  number: 'null',
  boolean: 'null',
  null: 'null',
  list: '[]',
  object: '{}',
};

/** JSON text of a record with the collection's fields, none of them filled in. */
export function templateOf(fields: readonly FieldSummary[]): string {
  const members = fields
    .filter((field) => field.path.length === 1)
    .slice(0, MOST_FIELDS)
    .map((field) => `  ${JSON.stringify(field.path[0])}: ${EMPTY[field.kind]}`);
  return members.length === 0 ? '{\n  \n}' : `{\n${members.join(',\n')}\n}`;
}

/** JSON text of the fields of a record, for a copy of it. */
export function textOfCopy(detail: RecordDetail): string {
  return pretty(`{${detail.fields.map(({ name, text }) => `${JSON.stringify(name)}: ${text}`).join(', ')}}`);
}
