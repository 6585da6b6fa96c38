import type { CodecName } from '../../../shared/collection.ts';
import { findMember, resolveMembers } from '../../../shared/json/find-node.ts';
import { JsonSyntaxError } from '../../../shared/json/json-syntax-error.ts';
import type { JsonNode, JsonObject } from '../../../shared/json/node.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { DecodedMember } from './codec.ts';
import { fieldValue } from './dataknobs-codec.ts';
import { fieldObject, isFieldObject } from './field-type.ts';
import { newRecordId } from './new-id.ts';
import { kindInWords } from './plain-codec.ts';
import { printPython, pythonString, pythonTime } from './python-json.ts';

/** A body that is ready to be stored. */
export interface EncodedRecord {
  readonly id: string;
  readonly text: string;
}

export interface NewRecordFacts {
  /** Null: from the record, or a new UUID. */
  readonly id: string | null;
  readonly now: Date;
  /** Of the record that is replaced, as its JSON text; null for a new one. */
  readonly createdAt: string | null;
  /** The times that its metadata names stay: it was a record before. */
  readonly keepsTimes?: boolean;
  /** Makes the new id; default: a random UUID. */
  readonly mint?: () => string;
}

/**
 * The body of a new record. `record` is the JSON text of an object: in a plain collection the body, verbatim; else its
 * members become fields, as dataknobs 0.11 writes them. An object in dataknobs' own form keeps its fields and metadata.
 * Throws `invalid-record`.
 */
export function encodeNew(codec: CodecName, record: string, facts: NewRecordFacts): EncodedRecord {
  if (codec === 'plain' && facts.id !== null && isObject(record)) {
    return { id: newRecordId(facts.id, NOTHING, facts.mint), text: record };
  }
  const root = readObject(record);
  if (codec === 'plain') {
    return { id: newRecordId(facts.id, { fields: resolveMembers(root), metadata: [] }, facts.mint), text: record };
  }
  const own = ownForm(root);
  const fields = own?.fields ?? root;
  const metadata = own?.metadata === undefined ? [] : resolveMembers(own.metadata);
  const named = resolveMembers(fields).map(({ name, value }) => ({
    name,
    value: own === null ? value : fieldValue(value),
  }));
  const id = newRecordId(facts.id, { metadata, fields: named }, facts.mint);
  return { id, text: dataknobsBody(record, id, fields, own !== null, metadata, facts) };
}

function dataknobsBody(
  text: string,
  id: string,
  fields: JsonObject,
  keepsFieldObjects: boolean,
  metadata: readonly DecodedMember[],
  facts: NewRecordFacts,
): string {
  const now = pythonString(pythonTime(facts.now, true));
  // Python's dictionary: what is set again keeps its place.
  const entries = new Map(metadata.map(({ name, value }) => [name, printPython(text, value)]));
  entries.set('id', pythonString(id));
  const isKept = (name: string): boolean => facts.keepsTimes === true && entries.get(name)?.startsWith('"') === true;
  if (!isKept('created_at')) entries.set('created_at', facts.createdAt ?? now);
  if (!isKept('updated_at')) entries.set('updated_at', now);
  const fieldTexts = resolveMembers(fields).map(({ name, value }) => {
    const whole = keepsFieldObjects && isComplete(value) ? printPython(text, value) : null;
    return `${pythonString(name)}: ${whole ?? fieldObject(name, text, keepsFieldObjects ? fieldValue(value) : value)}`;
  });
  const metadataTexts = Array.from(entries, ([name, value]) => `${pythonString(name)}: ${value}`);
  return `{"fields": {${fieldTexts.join(', ')}}, "id": ${pythonString(id)}, "metadata": {${metadataTexts.join(', ')}}}`;
}

/** A record in the form of dataknobs 0.2 and later: how a copy keeps types that cannot be told from values. */
function ownForm(root: JsonObject): { readonly fields: JsonObject; readonly metadata: JsonObject | undefined } | null {
  if (root.members.some(({ name }) => name !== 'fields' && name !== 'id' && name !== 'metadata')) return null;
  const fields = findMember(root, 'fields')?.value;
  const metadata = findMember(root, 'metadata')?.value;
  if (fields?.kind !== 'object' || !fields.members.every(({ value }) => isFieldObject(value))) return null;
  if (metadata !== undefined && metadata.kind !== 'object') return null;
  // Without a single field only the metadata tells it from a flat record with a field called `fields`.
  return fields.members.length > 0 || metadata !== undefined ? { fields, metadata } : null;
}

function isComplete(field: JsonNode): boolean {
  return (
    field.kind === 'object' && ['name', 'value', 'type', 'metadata'].every((name) => findMember(field, name) !== null)
  );
}

/** Asked for an id where one is given already. */
const NOTHING = { fields: [], metadata: [] };

/**
 * Whether V8's own reader takes it for one, which has nothing to be compiled and needs half the time of ours. It takes less
 * (no NaN), and says less of what is wrong: false is no refusal.
 */
function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function readObject(text: string): JsonObject {
  let root: JsonNode;
  try {
    root = readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new AppFailure(
      'invalid-record',
      `The record is no JSON: ${error.message} Correct line ${error.line}, column ${error.column}.`,
      { detail: { line: error.line, column: error.column }, cause: error },
    );
  }
  if (root.kind !== 'object') {
    throw new AppFailure('invalid-record', `The record is ${kindInWords(root)}; write it as a JSON object.`);
  }
  return root;
}
