import { findMember, resolveMembers } from '../../../shared/json/find-node.ts';
import type { JsonMember, JsonNode, JsonObject } from '../../../shared/json/node.ts';
import type { DecodedMember, DecodedRecord } from './codec.ts';
import { decodePlain, kindInWords } from './plain-codec.ts';
import { UnreadableRecord } from './unreadable-record.ts';

/** The types that dataknobs-data knows; its reader refuses a record with any other. */
export const FIELD_TYPES: ReadonlySet<string> = new Set([
  'string',
  'integer',
  'float',
  'boolean',
  'datetime',
  'json',
  'binary',
  'text',
  'vector',
  'sparse_vector',
]);

const VERSION_1_NAMES: ReadonlySet<string> = new Set(['data', 'metadata', 'created_at', 'updated_at']);

/**
 * Reads what any release of dataknobs-data wrote, and flat JSON objects as its reader does: `fields` makes it the form of
 * 0.2 and later; exactly `data`, `metadata` and optional times the form of 0.1; everything else is a flat record.
 */
export function decodeDataknobs(text: string, root: JsonNode): DecodedRecord {
  if (root.kind === 'object') {
    const fields = findMember(root, 'fields');
    if (fields !== null) return decodeVersion2(text, root, fields.value);
    const data = version1Data(root);
    if (data !== null) return decodeVersion1(text, root, data);
  }
  return decodePlain(text, root);
}

/** The `data` object of a record of release 0.1, or null where the object is something else. */
export function version1Data(root: JsonObject): JsonObject | null {
  if (root.members.some((member) => !VERSION_1_NAMES.has(member.name))) return null;
  const data = findMember(root, 'data')?.value;
  const metadata = findMember(root, 'metadata')?.value;
  return data?.kind === 'object' && metadata?.kind === 'object' ? data : null;
}

/** The node of a field's value: `value` of a field object, else the raw value. */
export function fieldValue(field: JsonNode): JsonNode {
  return (field.kind === 'object' ? findMember(field, 'value')?.value : undefined) ?? field;
}

function decodeVersion2(text: string, root: JsonObject, fields: JsonNode): DecodedRecord {
  if (fields.kind !== 'object') {
    throw new UnreadableRecord(`"fields" is ${kindInWords(fields)}; dataknobs keeps an object there.`);
  }
  const notes: string[] = [];
  const decoded = resolveMembers(fields).map((field) => decodeField(field, notes));
  return {
    form: 'dataknobs-2',
    text,
    root,
    fields: decoded,
    metadata: decodeMetadata(findMember(root, 'metadata')?.value, notes),
    hasMetadata: true,
    notes,
  };
}

function decodeField(field: JsonMember, notes: string[]): DecodedMember {
  const value = fieldValue(field.value);
  if (field.value.kind === 'object' && value !== field.value) checkType(field.name, field.value, value, notes);
  return { name: field.name, value };
}

function checkType(name: string, field: JsonObject, value: JsonNode, notes: string[]): void {
  const type = findMember(field, 'type')?.value;
  if (type === undefined || type.kind === 'null') return;
  if (type.kind !== 'string' || !FIELD_TYPES.has(type.value)) {
    const given = type.kind === 'string' ? JSON.stringify(type.value) : kindInWords(type);
    throw new UnreadableRecord(
      `The field ${JSON.stringify(name)} has the type ${given}, which dataknobs does not know.`,
    );
  }
  if (type.value !== 'vector' || value.kind !== 'array') return;
  const dimensions = findMember(field, 'dimensions')?.value;
  if (dimensions?.kind === 'number' && Number(dimensions.text) !== value.items.length) {
    notes.push(
      `The vector ${JSON.stringify(name)} says ${dimensions.text} dimensions but has ${value.items.length} numbers; dataknobs refuses to read it.`,
    );
  }
}

function decodeMetadata(metadata: JsonNode | undefined, notes: string[]): readonly DecodedMember[] {
  if (metadata === undefined || metadata.kind === 'null') return [];
  if (metadata.kind === 'object') return resolveMembers(metadata);
  notes.push(`"metadata" is ${kindInWords(metadata)}, not an object; it is kept as it is and not shown as metadata.`);
  return [];
}

/** The asynchronous client of 0.1 keeps the times beside `metadata`; there they win over members of the same name. */
function decodeVersion1(text: string, root: JsonObject, data: JsonObject): DecodedRecord {
  const metadata = new Map<string, JsonNode>();
  const inside = findMember(root, 'metadata')?.value;
  if (inside?.kind === 'object') for (const member of inside.members) metadata.set(member.name, member.value);
  for (const member of root.members) {
    if (member.name === 'created_at' || member.name === 'updated_at') metadata.set(member.name, member.value);
  }
  return {
    form: 'dataknobs-1',
    text,
    root,
    fields: resolveMembers(data),
    metadata: Array.from(metadata, ([name, value]) => ({ name, value })),
    hasMetadata: true,
    notes: [],
  };
}
