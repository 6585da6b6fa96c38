import type { JsonNode } from '../../../../shared/json/node.ts';
import type { DecodedRecord } from '../../records/codec.ts';
import type { SlotAddress } from '../slots.ts';

/** A record as conditions see it; the id is the key's, whatever the body says. */
export interface QueriedRecord extends Pick<DecodedRecord, 'fields' | 'metadata'> {
  readonly id: string;
}

/**
 * What a field of a query names, as dataknobs has it: `id` is the record's id; `metadata.x` its metadata (or the field
 * called `metadata`, where a record has one); `fields.x` the field x, whatever it is called; otherwise the first name is
 * a field and the others are names inside of objects. Lists are never entered. A name with a dot cannot be written.
 */
export function addressOfField(field: string): SlotAddress {
  if (field === 'id') return { part: 'id', path: [] };
  const names = field.split('.');
  if (names.length > 1 && names[0] === 'metadata') return { part: 'metadata', path: names.slice(1) };
  return { part: 'fields', path: names.length > 1 && names[0] === 'fields' ? names.slice(1) : names };
}

/** The value at a place of a record; undefined where there is none. */
export function findValue(record: QueriedRecord, { part, path }: SlotAddress): JsonNode | undefined {
  if (part === 'id') return { kind: 'string', start: -1, end: -1, value: record.id };
  if (part === 'fields') return findBelow(record.fields, path);
  const hiding = record.fields.find((field) => field.name === 'metadata');
  if (hiding === undefined) return findBelow(record.metadata, path);
  return hiding.value.kind === 'object' ? findBelow(hiding.value.members, path) : undefined;
}

function findBelow(
  members: readonly { readonly name: string; readonly value: JsonNode }[],
  path: readonly string[],
): JsonNode | undefined {
  let found: JsonNode | undefined;
  let inside = members;
  for (const name of path) {
    found = inside.findLast((member) => member.name === name)?.value;
    if (found === undefined) return undefined;
    inside = found.kind === 'object' ? found.members : [];
  }
  return found;
}
