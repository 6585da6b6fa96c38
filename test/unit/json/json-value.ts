import type { JsonNode } from '../../../shared/json/node.ts';

export type PlainValue = null | boolean | number | string | PlainValue[] | { [name: string]: PlainValue };

/**
 * The value as JavaScript has it, for display and comparison: numbers become doubles (digits beyond 2^53 are lost), the
 * last of a duplicate name counts, objects have no prototype (a member `__proto__` is an ordinary one).
 */
export function jsonValue(root: JsonNode): PlainValue {
  const holder: PlainValue[] = [];
  const work: { readonly node: JsonNode; readonly put: (value: PlainValue) => void }[] = [
    { node: root, put: (value) => holder.push(value) },
  ];
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const { node, put } = item;
    if (node.kind === 'object') {
      const object: { [name: string]: PlainValue } = { __proto__: null };
      put(object);
      // Names are put in before the values are known, so that they keep the order of the text.
      for (const member of node.members) object[member.name] = null;
      const last = new Map(node.members.map((member) => [member.name, member.value]));
      for (const [name, value] of last) work.push({ node: value, put: (made) => (object[name] = made) });
    } else if (node.kind === 'array') {
      const list: PlainValue[] = Array.from({ length: node.items.length }, () => null);
      put(list);
      node.items.forEach((value, index) => work.push({ node: value, put: (made) => (list[index] = made) }));
    } else if (node.kind === 'number') {
      put(Number(node.text));
    } else {
      put(node.kind === 'null' ? null : node.value);
    }
  }
  return holder[0] ?? null;
}
