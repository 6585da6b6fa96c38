import type { JsonNode } from '../../../../shared/json/node.ts';
import type { ObjectFact, Place } from '../../../../shared/query.ts';
import type { DecodedRecord } from '../../records/codec.ts';
import type { SlotAddress } from '../slots.ts';

/** A record as conditions see it; the id is the key's, whatever the body says. */
export interface QueriedRecord extends Pick<DecodedRecord, 'fields' | 'metadata'> {
  readonly id: string;
}

/** A place that may be in a list, where nothing has a slot: names and positions from the fields downwards. */
export interface ItemAddress {
  readonly part: 'items';
  readonly path: readonly (string | number)[];
}

/** What is not in the body: a fact of the object, or one of its tags. */
export type OutsideAddress =
  | { readonly part: 'object'; readonly fact: ObjectFact }
  | { readonly part: 'tag'; readonly name: string };

export type BodyAddress = SlotAddress | ItemAddress;
export type PlaceAddress = BodyAddress | OutsideAddress;

export function addressOf(place: Place): PlaceAddress {
  if ('field' in place) return addressOfField(place.field);
  if ('object' in place) return { part: 'object', fact: place.object };
  if ('tag' in place) return { part: 'tag', name: place.tag };
  const names = place.path.filter((step) => typeof step === 'string');
  return names.length === place.path.length ? { part: 'fields', path: names } : { part: 'items', path: place.path };
}

export function isOutside(address: PlaceAddress): address is OutsideAddress {
  return address.part === 'object' || address.part === 'tag';
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
export function findValue(record: QueriedRecord, { part, path }: BodyAddress): JsonNode | undefined {
  if (part === 'id') return { kind: 'string', start: -1, end: -1, value: record.id };
  if (part === 'fields' || part === 'items') return findBelow(record.fields, path);
  const hiding = record.fields.find((field) => field.name === 'metadata');
  if (hiding === undefined) return findBelow(record.metadata, path);
  return hiding.value.kind === 'object' ? findBelow(hiding.value.members, path) : undefined;
}

interface NamedValue {
  readonly name: string;
  readonly value: JsonNode;
}

function findBelow(members: readonly NamedValue[], path: readonly (string | number)[]): JsonNode | undefined {
  const [first, ...rest] = path;
  let found = typeof first === 'string' ? findMember(members, first) : undefined;
  for (const step of rest) {
    if (typeof step === 'number') found = found?.kind === 'array' ? found.items[step] : undefined;
    else found = found?.kind === 'object' ? findMember(found.members, step) : undefined;
  }
  return found;
}

/** The last of a name that occurs twice. */
function findMember(members: readonly NamedValue[], name: string): JsonNode | undefined {
  return members.findLast((member) => member.name === name)?.value;
}
