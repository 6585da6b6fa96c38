import { resolveMembers } from './find-node.ts';
import type { JsonNode } from './node.ts';

/**
 * Whether two values say the same: whatever the blanks, escapes and the order of members; numbers by their value with all of
 * their digits (`1.0` is `1`, `10` is `1e1`), of names that stand twice the last one.
 */
export function equalJson(one: JsonNode, other: JsonNode): boolean {
  const work: (readonly [JsonNode, JsonNode])[] = [[one, other]];
  for (let pair = work.pop(); pair !== undefined; pair = work.pop()) {
    const [a, b] = pair;
    if (a.kind === 'object' && b.kind === 'object') {
      const members = new Map(b.members.map(({ name, value }) => [name, value]));
      const own = resolveMembers(a);
      if (own.length !== members.size) return false;
      for (const { name, value } of own) {
        const match = members.get(name);
        if (match === undefined) return false;
        work.push([value, match]);
      }
    } else if (a.kind === 'array' && b.kind === 'array') {
      if (a.items.length !== b.items.length) return false;
      for (const [index, item] of a.items.entries()) {
        const match = b.items[index];
        if (match === undefined) return false;
        work.push([item, match]);
      }
    } else if (!isSameScalar(a, b)) return false;
  }
  return true;
}

function isSameScalar(a: JsonNode, b: JsonNode): boolean {
  if (a.kind === 'number') return b.kind === 'number' && plainNumber(a.text) === plainNumber(b.text);
  if (a.kind === 'string') return b.kind === 'string' && a.value === b.value;
  if (a.kind === 'boolean') return b.kind === 'boolean' && a.value === b.value;
  return a.kind === 'null' && b.kind === 'null';
}

/** The same text for the same value: its digits without zeros around them, and the power of ten of the last one. */
function plainNumber(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return '0';
  const shortened = digits.replace(/0+$/, '');
  return `${sign}${shortened}e${Number(exponent) - fraction.length + digits.length - shortened.length}`;
}
