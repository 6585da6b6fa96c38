import { JsonSyntaxError } from '../../shared/json/json-syntax-error.ts';
import type { JsonNode } from '../../shared/json/node.ts';
import { readJson } from '../../shared/json/read-json.ts';
import { countOf } from '../ui/format.ts';
import { isNumberText } from '../ui/number-text.ts';
import type { ListItem, ValueType } from './draft.ts';

/**
 * One value as typed. In double quotes it is text. Else it is read as what the field's values are: `8` is a number for a
 * field of numbers and text for one of texts, where it may be a name. What does not fit is text.
 */
export function bareItem(text: string, type: ValueType): ListItem {
  const quoted = unquoted(text);
  if (quoted !== null) return { type: 'string', text: quoted };
  if (type === 'number' || type === 'boolean' || type === 'json') {
    if (isNumberText(text, true)) return { type: 'number', text };
    if (text === 'true' || text === 'false') return { type: 'boolean', text };
    if (text === 'null') return { type: 'null', text };
  }
  return { type: 'string', text };
}

/**
 * A JSON array, whose values keep their kinds; else a value a line (or a cell, as spreadsheets copy them); else, where
 * there is one line only, values with commas between them.
 */
export function readList(text: string, type: ValueType): readonly ListItem[] {
  const array = jsonArray(text);
  if (array !== null) return array;
  const lines = text.split(/[\r\n\t]+/).filter((line) => line.trim() !== '');
  const cells = lines.length === 1 ? splitAtCommas(lines[0] ?? '') : lines.map(withoutComma);
  const items = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  return items.map((cell) => bareItem(cell, type));
}

/** As `readList`, but for what is typed by hand: in a text a comma is a comma. */
export function readTyped(text: string, type: ValueType): readonly ListItem[] {
  const trimmed = text.trim();
  if (type !== 'string') return readList(text, type);
  return jsonArray(trimmed) ?? (trimmed === '' ? [] : [bareItem(trimmed, type)]);
}

/** The list with those of `added` that it does not hold yet. */
export function joinLists(
  list: readonly ListItem[],
  added: readonly ListItem[],
): { readonly items: readonly ListItem[]; readonly duplicates: number } {
  const known = new Set(list.map(nameOf));
  const items = [...list];
  for (const item of added) {
    if (known.has(nameOf(item))) continue;
    known.add(nameOf(item));
    items.push(item);
  }
  return { items, duplicates: list.length + added.length - items.length };
}

/** The list for the editor of lines: read back it is the same. */
export function listText(items: readonly ListItem[], type: ValueType): string {
  const lines = items.map((item) => lineOf(item, type, items.length === 1));
  if (lines.every((line) => line !== null)) return lines.join('\n');
  return `[\n${items.map((item) => `  ${itemJson(item)}`).join(',\n')}\n]`;
}

export function itemJson({ type, text }: ListItem): string {
  return type === 'string' ? JSON.stringify(text) : text;
}

const WORDS: Readonly<Record<ListItem['type'], readonly [string, string]>> = {
  number: ['number', 'numbers'],
  string: ['text', 'texts'],
  boolean: ['true or false', 'true or false'],
  null: ['null', 'null'],
  json: ['list or object', 'lists and objects'],
};

/** `3 values`, or with their kinds where they are of several: `3 values: 2 numbers, 1 text`. */
export function countWords(items: readonly ListItem[]): string {
  const kinds = new Map<ListItem['type'], number>();
  for (const { type } of items) kinds.set(type, (kinds.get(type) ?? 0) + 1);
  const parts = [...kinds].map(([type, count]) => countOf(count, ...WORDS[type]));
  return `${countOf(items.length, 'value')}${parts.length > 1 ? `: ${parts.join(', ')}` : ''}`;
}

function nameOf({ type, text }: ListItem): string {
  return `${type} ${text}`;
}

function lineOf(item: ListItem, type: ValueType, alone: boolean): string | null {
  const { text } = item;
  const readBack = readList(alone ? text : `${text}\nx`, type);
  const same = readBack.length === (alone ? 1 : 2) && readBack[0]?.type === item.type && readBack[0].text === text;
  // Lines that begin with a bracket may add up to an array.
  if (same && !text.startsWith('[')) return text;
  return item.type === 'string' ? JSON.stringify(text) : null;
}

function jsonArray(text: string): readonly ListItem[] | null {
  if (!text.trimStart().startsWith('[')) return null;
  const root = readOrNull(text);
  if (root?.kind !== 'array') return null;
  return root.items.map((node) => itemOf(node, text));
}

function itemOf(node: JsonNode, text: string): ListItem {
  switch (node.kind) {
    case 'string':
      return { type: 'string', text: node.value };
    case 'number':
      return { type: 'number', text: node.text };
    case 'boolean':
      return { type: 'boolean', text: String(node.value) };
    case 'null':
      return { type: 'null', text: 'null' };
    case 'array':
    case 'object':
      return { type: 'json', text: text.slice(node.start, node.end) };
  }
}

function unquoted(text: string): string | null {
  if (!text.startsWith('"')) return null;
  const node = readOrNull(text);
  return node?.kind === 'string' ? node.value : null;
}

function readOrNull(text: string): JsonNode | null {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}

/** Commas inside of double quotes part nothing. */
function splitAtCommas(line: string): readonly string[] {
  return line.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? [];
}

/** Lines of code end with a comma, which is not the value's. */
function withoutComma(line: string): string {
  return line.trim().replace(/,$/, '');
}
