import { findMember, findNode } from '../../../shared/json/find-node.ts';
import { JsonSyntaxError } from '../../../shared/json/json-syntax-error.ts';
import type { JsonNode, JsonObject } from '../../../shared/json/node.ts';
import { JsonPathError, patchJson, type JsonEdit } from '../../../shared/json/patch-json.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import type { RecordEdit } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { DecodedRecord } from './codec.ts';
import { fieldValue } from './dataknobs-codec.ts';
import { fieldObject, isFieldObject, keptFieldType } from './field-type.ts';
import { printPython, pythonString, pythonTime } from './python-json.ts';

/**
 * The body after the edits, applied one after the other: the edited values change and, in dataknobs' forms, `updated_at`;
 * all other bytes stay. Where the record has all those values already, it is the body as it was. Throws `invalid-record` for a value that is no JSON or a path that leads nowhere.
 */
export function editRecord(record: DecodedRecord, edits: readonly RecordEdit[], now: Date): string {
  let text = record.text;
  for (const edit of edits) text = applyEdit(record.form, text, edit);
  if (edits.every((edit) => hasValue(record, edit))) return record.text;
  return record.form === 'plain' ? text : withUpdatedAt(record.form, text, now);
}

/**
 * A whole new body given by a person: verbatim, but that in dataknobs' forms `updated_at` is set where the person left it
 * as it was.
 */
export function replaceBody(before: DecodedRecord | null, after: DecodedRecord, now: Date): string {
  if (after.form === 'plain' || before?.form !== after.form) return after.text;
  return updatedAtText(before) === updatedAtText(after) ? withUpdatedAt(after.form, after.text, now) : after.text;
}

/** The same value may be written with other blanks and escapes. */
function hasValue(record: DecodedRecord, { part, path, text }: RecordEdit): boolean {
  const [name, ...rest] = path;
  const member = record[part].find((entry) => entry.name === name);
  const node = member === undefined ? null : findNode(member.value, rest);
  if (node === null || text === null) return node === null && text === null;
  return printPython(record.text, node) === printPython(text, readJson(text));
}

function updatedAtText(record: DecodedRecord): string | undefined {
  const value = record.metadata.find(({ name }) => name === 'updated_at')?.value;
  return value === undefined ? undefined : record.text.slice(value.start, value.end);
}

function applyEdit(form: DecodedRecord['form'], text: string, edit: RecordEdit): string {
  const [name, ...rest] = edit.path;
  if (typeof name !== 'string') {
    throw new AppFailure(
      'invalid-arguments',
      `An edit needs the name of a ${edit.part === 'fields' ? 'field' : 'metadata entry'}.`,
    );
  }
  try {
    if (form === 'plain') {
      if (edit.part === 'metadata') {
        throw new AppFailure('invalid-record', 'A plain record has no metadata. Make it a field.');
      }
      return patchJson(text, [{ path: edit.path, text: edit.text }]);
    }
    // What dataknobs writes is ASCII on one line; so is what is written into it.
    const value = edit.text === null ? null : printPython(edit.text, readJson(edit.text));
    if (edit.part === 'metadata') return patchMetadata(text, form, [name, ...rest], value);
    if (form === 'dataknobs-1') return patchJson(text, [{ path: ['data', name, ...rest], text: value }]);
    return patchField(text, name, rest, value);
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      throw new AppFailure(
        'invalid-record',
        `The new value of ${JSON.stringify(name)} is no JSON: ${error.message} Correct line ${error.line}, column ${error.column}.`,
        { detail: { line: error.line, column: error.column }, cause: error },
      );
    }
    if (error instanceof JsonPathError) {
      throw new AppFailure('invalid-record', `The record cannot be changed there: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function patchField(text: string, name: string, rest: RecordEdit['path'], value: string | null): string {
  const field = findNode(readJson(text), ['fields', name]);
  if (field === null || (rest.length === 0 && value === null)) {
    if (rest.length > 0 && value !== null)
      throw new JsonPathError(`There is no field ${JSON.stringify(name)}.`, [name]);
    return patchJson(text, [
      { path: ['fields', name], text: value === null ? null : fieldObject(name, value, readJson(value)) },
    ]);
  }
  if (!isFieldObject(field)) {
    // A raw object that has a member `value` would be taken for a field object.
    const edited = patchJson(text, [{ path: ['fields', name, ...rest], text: value }]);
    const made = findNode(readJson(edited), ['fields', name]);
    if (made === null || !isFieldObject(made)) return edited;
    return patchJson(edited, [{ path: ['fields', name], text: fieldObject(name, edited, made) }]);
  }
  const edited = patchJson(text, [{ path: ['fields', name, 'value', ...rest], text: value }]);
  return withFittingType(edited, name, fieldValue(field));
}

/** dataknobs refuses a vector whose dimensions are not what is said of them. */
function withFittingType(text: string, name: string, before: JsonNode): string {
  const field = findNode(readJson(text), ['fields', name]);
  const type = field?.kind === 'object' ? findMember(field, 'type')?.value : undefined;
  if (field?.kind !== 'object' || type?.kind !== 'string') return text;
  const value = fieldValue(field);
  const kept = keptFieldType(type.value, before, value);
  const path = ['fields', name];
  if (kept !== type.value) return patchJson(text, [{ path: [...path, 'type'], text: pythonString(kept) }]);
  if (kept !== 'vector' || value.kind !== 'array') return text;
  const dimensions = String(value.items.length);
  const places = [
    [...path, 'dimensions'],
    [...path, 'metadata', 'dimensions'],
  ];
  return patchJson(
    text,
    places.flatMap((place): JsonEdit[] => {
      const said = findNode(field, place.slice(2));
      return said === null || (said.kind === 'number' && said.text === dimensions)
        ? []
        : [{ path: place, text: dimensions }];
    }),
  );
}

function patchMetadata(
  text: string,
  form: DecodedRecord['form'],
  path: RecordEdit['path'],
  value: string | null,
): string {
  const root = readJson(text);
  const name = path[0];
  if (root.kind === 'object' && form === 'dataknobs-1' && isTimeBeside(root, name)) {
    return patchJson(text, [{ path, text: value }]);
  }
  const metadata = root.kind === 'object' ? findMember(root, 'metadata')?.value : undefined;
  if (metadata === undefined || metadata.kind === 'null') {
    if (value === null) return text;
    const edits: JsonEdit[] = [{ path: ['metadata'], text: '{}' }];
    return patchJson(text, [...edits, { path: ['metadata', ...path], text: value }]);
  }
  return patchJson(text, [{ path: ['metadata', ...path], text: value }]);
}

/** The asynchronous client of 0.1 keeps the times at the top of the object. */
function isTimeBeside(root: JsonObject, name: string | number | undefined): boolean {
  return (name === 'created_at' || name === 'updated_at') && findMember(root, name) !== null;
}

function withUpdatedAt(form: DecodedRecord['form'], text: string, now: Date): string {
  const root = readJson(text);
  if (root.kind !== 'object') return text;
  const isBeside = form === 'dataknobs-1' && (isTimeBeside(root, 'created_at') || isTimeBeside(root, 'updated_at'));
  const metadata = findMember(root, 'metadata')?.value;
  // What another program made of "metadata" is not ours to replace.
  if (!isBeside && metadata !== undefined && metadata.kind !== 'object' && metadata.kind !== 'null') return text;
  const times = isBeside ? root : metadata;
  const time = pythonString(pythonTime(now, writesOffset(form, times)));
  if (isBeside) return patchJson(text, [{ path: ['updated_at'], text: time }]);
  return patchMetadata(text, form, ['updated_at'], time);
}

/** A record that has been written without offsets stays so: dataknobs never compares one with and one without. */
function writesOffset(form: DecodedRecord['form'], times: JsonNode | undefined): boolean {
  if (times?.kind === 'object') {
    const known = (findMember(times, 'updated_at') ?? findMember(times, 'created_at'))?.value;
    if (known?.kind === 'string' && /\d$/.test(known.value))
      return /[+-]\d\d:?\d\d(?::?\d\d)?$/.test(known.value.slice(10));
  }
  return form !== 'dataknobs-1';
}
