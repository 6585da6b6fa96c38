import type { JsonNode } from '../../shared/json/node.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { FieldKind } from '../../shared/page.ts';
import { isDateText } from '../ui/date-text.ts';
import { isNumberText } from '../ui/number-text.ts';

/** What a value can be edited as. A date is a string that reads as one. */
export type EditKind = 'string' | 'date' | 'number' | 'boolean' | 'null' | 'json';

export const EDIT_KINDS: readonly { readonly value: EditKind; readonly label: string }[] = [
  { value: 'string', label: 'text' },
  { value: 'number', label: 'number' },
  { value: 'date', label: 'date' },
  { value: 'boolean', label: 'true or false' },
  { value: 'null', label: 'null' },
  { value: 'json', label: 'JSON' },
];

export function kindOf(node: JsonNode): FieldKind {
  switch (node.kind) {
    case 'array':
      return 'list';
    case 'string':
      return isDateText(node.value) ? 'date' : 'string';
    case 'object':
    case 'number':
    case 'boolean':
    case 'null':
      return node.kind;
  }
}

export function editKindOf(node: JsonNode): EditKind {
  return editKindOfField(kindOf(node));
}

export function editKindOfField(kind: FieldKind): EditKind {
  return kind === 'list' || kind === 'object' ? 'json' : kind;
}

/** What an editor of this kind shows for a value: the string itself, the digits, `true`, or JSON text. */
export function typedText(kind: EditKind, node: JsonNode, source: string): string {
  if ((kind === 'string' || kind === 'date') && node.kind === 'string') return node.value;
  return source.slice(node.start, node.end);
}

/** What was typed, carried over to another kind where it can be. */
export function carriedOver(typed: string, from: EditKind, to: EditKind): string {
  switch (to) {
    case 'number':
      return isNumberText(typed, true) ? typed : '';
    case 'boolean':
      return typed === 'false' ? 'false' : 'true';
    case 'null':
      return 'null';
    case 'json':
      return from === 'string' || from === 'date' ? JSON.stringify(typed) : typed;
    case 'string':
    case 'date':
      return from === 'json' ? unquoted(typed) : from === 'null' ? '' : typed;
  }
}

function unquoted(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : json;
  } catch {
    return json;
  }
}

/** Why what was typed is no value of its kind; null where it is one. */
export function valueProblem(kind: EditKind, typed: string): string | null {
  switch (kind) {
    case 'number':
      return isNumberText(typed, true) ? null : typed === '' ? 'A number is missing.' : `“${typed}” is no number.`;
    case 'date':
      return isDateText(typed) ? null : 'A date is written YYYY-MM-DD, with a time YYYY-MM-DDThh:mm:ss.';
    case 'json':
      try {
        readJson(typed);
        return null;
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : 'This is not JSON.';
      }
    case 'string':
    case 'boolean':
    case 'null':
      return null;
  }
}

/** JSON text of what was typed, where `valueProblem` finds nothing. */
export function jsonOf(kind: EditKind, typed: string): string {
  switch (kind) {
    case 'string':
    case 'date':
      return JSON.stringify(typed);
    case 'number':
    case 'json':
      return typed.trim();
    case 'boolean':
      return typed === 'false' ? 'false' : 'true';
    case 'null':
      return 'null';
  }
}
