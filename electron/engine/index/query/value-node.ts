import type { JsonNode } from '../../../../shared/json/node.ts';
import type { QueryValue } from '../../../../shared/query.ts';

const NOWHERE = { start: -1, end: -1 };

/** A query's value as a tree without a text, so that values of both sides are compared by the same functions. */
export function valueNode(value: QueryValue): JsonNode {
  if (value === null) return { ...NOWHERE, kind: 'null' };
  if (typeof value === 'boolean') return { ...NOWHERE, kind: 'boolean', value };
  if (typeof value === 'string') return { ...NOWHERE, kind: 'string', value };
  if (typeof value === 'bigint') return { ...NOWHERE, kind: 'number', text: value.toString() };
  // With an exponent it reads as a double again: `String` of a large one gives digits that it does not have.
  if (typeof value === 'number') return { ...NOWHERE, kind: 'number', text: value.toExponential() };
  if (isList(value)) return { ...NOWHERE, kind: 'array', items: value.map(valueNode) };
  const members = Object.entries(value).map(([name, member]) => ({
    name,
    nameStart: -1,
    nameEnd: -1,
    value: valueNode(member),
  }));
  return { ...NOWHERE, kind: 'object', members };
}

/** `Array.isArray` does not narrow readonly lists. */
export function isList(value: QueryValue): value is readonly QueryValue[] {
  return Array.isArray(value);
}

/** Whether NaN is anywhere inside: then the value equals nothing. */
export function holdsNaN(root: JsonNode): boolean {
  const work = [root];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (node.kind === 'number' && node.text === 'NaN') return true;
    if (node.kind === 'array') work.push(...node.items);
    else if (node.kind === 'object') work.push(...node.members.map((member) => member.value));
  }
  return false;
}
