import { createHash } from 'node:crypto';
import type { JsonMember, JsonNode } from '../../../../shared/json/node.ts';
import { exactNumber } from './exact-number.ts';

/**
 * A value as a text with two properties. Two texts are equal exactly where Python finds the values equal (1 = 1.0 = true,
 * -0.0 = 0, the order of an object's names is ignored; NaN must be looked for apart, it equals nothing). And compared by
 * code point they are in Dipper's order: null, numbers and booleans, strings, lists (element by element), objects.
 *
 * It is well-formed Unicode whatever is in the value. Past `ORDER_TEXT_LIMIT` it goes on as a SHA-256 of the whole: still
 * equal only for equal values, in order as far as the limit reaches.
 */
export function orderText(root: JsonNode): string {
  const parts: string[] = [];
  // Texts are written as they are, nodes are opened: a loop, because bodies nest deeper than a stack.
  const work: (JsonNode | string)[] = [root];
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    if (typeof item === 'string') parts.push(item);
    else if (item.kind === 'array') {
      parts.push(TAGS.list);
      work.push(END);
      for (const one of item.items.toReversed()) work.push(one);
    } else if (item.kind === 'object') {
      parts.push(TAGS.object);
      work.push(END);
      for (const { name, value } of membersByName(item.members).toReversed())
        work.push(value, TAGS.name + stringText(name));
    } else parts.push(scalarText(item));
  }
  return clipped(parts.join(''));
}

export const ORDER_TEXT_LIMIT = 1_024;

/** In the order of kinds; END sorts below all of them, so that a shorter list comes before its continuation. */
const TAGS = { null: '0', number: '1', string: '2', list: '3', object: '4', name: '5' };
const END = '!';
/** Above every tag: an integer that no double holds comes after the double below it. */
const BEYOND_DOUBLE = '~';

function scalarText(node: JsonNode): string {
  switch (node.kind) {
    case 'null':
      return TAGS.null;
    case 'boolean':
      return TAGS.number + doubleText(node.value ? 1 : 0);
    case 'number': {
      const { number, integer, text } = exactNumber(node.text);
      if (integer !== null) return TAGS.number + doubleText(number) + BEYOND_DOUBLE + hugeintText(integer);
      return TAGS.number + doubleText(number) + (text === null ? '' : BEYOND_DOUBLE + text);
    }
    case 'string':
      return TAGS.string + stringText(node.value);
    case 'array':
    case 'object':
      return '';
  }
}

const view = new DataView(new ArrayBuffer(8));

/** 16 hexadecimal digits in the order of the doubles; NaN is above infinity. */
function doubleText(value: number): string {
  view.setFloat64(0, value);
  const high = view.getUint32(0);
  const low = view.getUint32(4);
  const isNegative = high >= 0x80000000;
  const orderedHigh = isNegative ? ~high >>> 0 : (high | 0x80000000) >>> 0;
  const orderedLow = isNegative ? ~low >>> 0 : low;
  return orderedHigh.toString(16).padStart(8, '0') + orderedLow.toString(16).padStart(8, '0');
}

/** Fixed width, in the order of the integers within HUGEINT's range. */
function hugeintText(value: bigint): string {
  return (value + 2n ** 127n).toString(16).padStart(32, '0');
}

const STRING_END = '\u0001';

/**
 * Ends with U+0001. What would collide with it is written as U+0002 and one more, and half a surrogate pair, which no
 * UTF-8 holds, at its place in the order: behind U+D7FF.
 */
function stringText(text: string): string {
  const isPlain = text.isWellFormed() && !ESCAPED.test(text);
  return (isPlain ? text : text.replace(EVERY_ESCAPED, escaped)) + STRING_END;
}

// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const ESCAPED = /[\u0000-\u0002\uD7FF]/;
// oxlint-disable-next-line no-control-regex
const EVERY_ESCAPED = /[\u0000-\u0002\uD7FF\p{Cs}]/gu;

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 3) return `\u0002${String.fromCharCode(3 + code)}`;
  return code === 0xd7ff ? '\uD7FF\u0002' : `\uD7FF\u0003${code.toString(16)}`;
}

/** One member a name (the last), by code point: any fixed order makes equal objects equal. */
function membersByName(members: readonly JsonMember[]): JsonMember[] {
  const byName = new Map(members.map((member) => [member.name, member]));
  return [...byName.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function clipped(text: string): string {
  if (text.length <= ORDER_TEXT_LIMIT) return text;
  const hash = createHash('sha256').update(text).digest('base64url');
  return text.slice(0, ORDER_TEXT_LIMIT).replace(/[\uD800-\uDBFF]$/, '') + BEYOND_DOUBLE + hash;
}
