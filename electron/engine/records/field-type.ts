import { findMember } from '../../../shared/json/find-node.ts';
import type { JsonNode, JsonObject } from '../../../shared/json/node.ts';
import { printPython, pythonString } from './python-json.ts';

/** dataknobs calls a longer string a text; in code points. */
const LONGEST_STRING = 1000;

/** The type that dataknobs gives a value by itself. */
export function fieldTypeOf(value: JsonNode): string {
  switch (value.kind) {
    case 'null':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
      return isInteger(value.text) ? 'integer' : 'float';
    case 'string':
      return isLongerThan(value.value, LONGEST_STRING) ? 'text' : 'string';
    case 'array':
    case 'object':
      return 'json';
  }
}

/**
 * The type of a field after its value became `value`: the one it has where that fits, or where it did not fit the value
 * of the same kind before either (somebody meant it so).
 */
export function keptFieldType(type: string, before: JsonNode, value: JsonNode): string {
  if (fits(type, value) || (before.kind === value.kind && !fits(type, before))) return type;
  return fieldTypeOf(value);
}

function fits(type: string, value: JsonNode): boolean {
  switch (value.kind) {
    case 'null':
      return true;
    case 'boolean':
      return type === 'boolean';
    case 'number':
      return type === 'float' || (type === 'integer' && isInteger(value.text));
    case 'string':
      return type === 'string' || type === 'text' || type === 'datetime' || type === 'binary';
    case 'array':
      return type === 'json' || (type === 'vector' && value.items.every((item) => item.kind === 'number'));
    case 'object':
      return type === 'json' || type === 'sparse_vector';
  }
}

/** A whole field object as dataknobs 0.11 writes it. `text` is the source that `value` was read from. */
export function fieldObject(name: string, text: string, value: JsonNode): string {
  const quoted = pythonString(name);
  return `{"name": ${quoted}, "value": ${printPython(text, value)}, "type": "${fieldTypeOf(value)}", "metadata": {}}`;
}

/** Whether an object in `fields` is a field object rather than a raw value; dataknobs asks for `value` alone. */
export function isFieldObject(node: JsonNode): node is JsonObject {
  return node.kind === 'object' && findMember(node, 'value') !== null;
}

function isInteger(digits: string): boolean {
  return /^-?\d+$/.test(digits);
}

function isLongerThan(text: string, count: number): boolean {
  if (text.length <= count) return false;
  let points = 0;
  for (const _ of text) if (++points > count) return true;
  return false;
}
