import { equalJson } from '../../../shared/json/equal-json.ts';
import { findMember, resolveMembers } from '../../../shared/json/find-node.ts';
import { JsonSyntaxError } from '../../../shared/json/json-syntax-error.ts';
import type { JsonNode, JsonObject } from '../../../shared/json/node.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import type { RecordEdit, RecordPatch } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import { nameOf, valueAt, type EditedRecord } from './edited-record.ts';

/** Applies a patch to the fields of a record. Throws `invalid-record` where it does not fit. */
export function applyPatch(edited: EditedRecord, patch: RecordPatch): EditedRecord {
  return 'merge' in patch ? mergePatch(edited, patch.merge) : jsonPatch(edited, patch.operations);
}

/** Throws `invalid-arguments` for a text that is no such patch: before a job begins. */
export function checkPatch(patch: RecordPatch): void {
  if ('merge' in patch) readMergePatch(patch.merge);
  else operationsOf(patch.operations);
}

/** RFC 7396: null removes, objects go into each other, all else replaces. */
function mergePatch(edited: EditedRecord, text: string): EditedRecord {
  const edits: RecordEdit[] = [];
  const walk = (patch: JsonObject, path: readonly string[]): void => {
    for (const { name, value } of resolveMembers(patch)) {
      const place = { part: 'fields', path: [...path, name] } as const;
      const there = valueAt(edited.record, place);
      if (value.kind === 'object' && there?.kind === 'object') walk(value, place.path);
      else if (value.kind !== 'null') edits.push({ ...place, text: withoutNulls(text, value) });
      else if (there !== null) edits.push({ ...place, text: null });
    }
  };
  walk(readMergePatch(text), []);
  return edited.edit(edits);
}

function readMergePatch(text: string): JsonObject {
  const root = read(text);
  if (root.kind !== 'object') throw refused('A merge patch of a record is a JSON object.');
  return root;
}

/** What is put in the place of something else has no member that would remove one. */
function withoutNulls(text: string, node: JsonNode): string {
  if (node.kind !== 'object') return text.slice(node.start, node.end);
  const members = resolveMembers(node).filter(({ value }) => value.kind !== 'null');
  return `{${members.map(({ name, value }) => `${JSON.stringify(name)}:${withoutNulls(text, value)}`).join(',')}}`;
}

interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: readonly string[];
  readonly from: readonly string[];
  /** JSON text; empty where the operation has none. */
  readonly value: string;
}

const OPERATIONS: readonly string[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'] satisfies Operation['op'][];

/** RFC 6902, on the record as an object of its fields. */
function jsonPatch(edited: EditedRecord, text: string): EditedRecord {
  return operationsOf(text).reduce(applyOperation, edited);
}

function applyOperation(edited: EditedRecord, { op, path, from, value }: Operation): EditedRecord {
  switch (op) {
    case 'add':
      return add(edited, path, value);
    case 'replace':
      return edited.edit([{ ...foundAt(edited, path).place, text: value }]);
    case 'remove':
      return edited.edit([{ ...foundAt(edited, path).place, text: null }]);
    case 'copy':
      return add(edited, path, foundAt(edited, from).text);
    case 'move': {
      const { place, text } = foundAt(edited, from);
      return add(edited.edit([{ ...place, text: null }]), path, text);
    }
    case 'test': {
      const { place, text } = foundAt(edited, path);
      if (equalJson(readJson(text), readJson(value))) return edited;
      throw unfit(`${nameOf(place.path)} is not what the patch tests for`);
    }
  }
}

/** A list gets one more element; everything else is set. */
function add(edited: EditedRecord, pointer: readonly string[], value: string): EditedRecord {
  const above = pointer.length < 2 ? null : valueAt(edited.record, placeOf(edited, pointer.slice(0, -1)));
  if (above?.kind !== 'array') return edited.edit([{ ...placeOf(edited, pointer), text: value }]);
  const last = pointer.at(-1) ?? '';
  const index = last === '-' ? above.items.length : Number(last);
  if (!/^(?:-|0|[1-9]\d*)$/.test(last) || index > above.items.length) {
    throw unfit(`${nameOf(pointer)} is no place in a list of ${above.items.length}`);
  }
  const items = above.items.map(({ start, end }) => edited.record.text.slice(start, end));
  const list = [...items.slice(0, index), value, ...items.slice(index)];
  return edited.edit([{ ...placeOf(edited, pointer.slice(0, -1)), text: `[${list.join(',')}]` }]);
}

interface FoundPlace {
  readonly place: Pick<RecordEdit, 'part' | 'path'>;
  readonly text: string;
}

function foundAt(edited: EditedRecord, pointer: readonly string[]): FoundPlace {
  const place = placeOf(edited, pointer);
  const node = valueAt(edited.record, place);
  if (node === null) throw unfit(`there is no ${nameOf(pointer)}`);
  return { place, text: edited.record.text.slice(node.start, node.end) };
}

/** A step of a pointer is a name or a position, by what it leads into. */
function placeOf({ record }: EditedRecord, pointer: readonly string[]): FoundPlace['place'] {
  const path: (string | number)[] = [];
  for (const step of pointer) {
    const above = path.length === 0 ? null : valueAt(record, { part: 'fields', path });
    path.push(above?.kind === 'array' && /^(?:0|[1-9]\d*)$/.test(step) ? Number(step) : step);
  }
  return { part: 'fields', path };
}

function operationsOf(text: string): readonly Operation[] {
  const root = read(text);
  if (root.kind !== 'array') throw refused('A JSON Patch is a list of operations.');
  return root.items.map((item, index) => readOperation(text, item, `operation ${index + 1}`));
}

function readOperation(text: string, item: JsonNode, which: string): Operation {
  const member = (name: string): JsonNode | null =>
    item.kind === 'object' ? (findMember(item, name)?.value ?? null) : null;
  const op = member('op');
  const name = op?.kind === 'string' ? op.value : '';
  if (!isOperation(name)) throw refused(`"op" of ${which} of the patch is none of ${OPERATIONS.join(', ')}.`);
  const value = member('value');
  if (value === null && (name === 'add' || name === 'replace' || name === 'test')) {
    throw refused(`The patch has no "value" in ${which}, "${name}".`);
  }
  const needsFrom = name === 'move' || name === 'copy';
  return {
    op: name,
    path: pointerOf(member('path'), `"path" of ${which}`),
    from: needsFrom ? pointerOf(member('from'), `"from" of ${which}`) : [],
    value: value === null ? '' : text.slice(value.start, value.end),
  };
}

function isOperation(name: string): name is Operation['op'] {
  return OPERATIONS.includes(name);
}

/** RFC 6901; the record as a whole is not one of its values. */
function pointerOf(node: JsonNode | null, what: string): readonly string[] {
  if (node?.kind !== 'string' || !node.value.startsWith('/')) {
    throw refused(`The ${what} of the patch is no pointer such as "/address/city".`);
  }
  return node.value
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(text: string): JsonNode {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw refused(`The patch is no JSON: ${error.message} Correct line ${error.line}, column ${error.column}.`);
  }
}

function refused(message: string): AppFailure {
  return new AppFailure('invalid-arguments', message);
}

function unfit(why: string): AppFailure {
  return new AppFailure('invalid-record', `The patch does not fit this record: ${why}. Nothing of it was changed.`);
}
