import type { JsonMember, JsonNode, JsonObject } from './node.ts';

/** Names and zero-based positions from a root downwards. */
export type JsonPath = readonly (string | number)[];

/** The member that counts for `name`: the last one of that name. */
export function findMember(object: JsonObject, name: string): JsonMember | null {
  return object.members.findLast((member) => member.name === name) ?? null;
}

/** The value at `path`, or null where the path leads nowhere. */
export function findNode(root: JsonNode, path: JsonPath): JsonNode | null {
  let node: JsonNode = root;
  for (const step of path) {
    let next: JsonNode | undefined;
    if (node.kind === 'object' && typeof step === 'string') next = findMember(node, step)?.value;
    else if (node.kind === 'array' && typeof step === 'number') next = node.items[step];
    if (next === undefined) return null;
    node = next;
  }
  return node;
}

/** Duplicate names resolved as Python and JavaScript do: the place of the first one, the value of the last one. */
export function resolveMembers(object: JsonObject): readonly JsonMember[] {
  const members = object.members;
  if (areNamedApart(members)) return members;
  const byName = new Map<string, JsonMember>();
  for (const member of members) byName.set(member.name, member);
  return byName.size === members.length ? members : [...byName.values()];
}

/** Names that are compared with each other: of so few a map costs more. */
const FEW = 24;

/** False also of more names than are compared. */
function areNamedApart(members: readonly JsonMember[]): boolean {
  if (members.length > FEW) return false;
  for (let place = 1; place < members.length; place += 1) {
    const name = members[place]?.name;
    for (let before = 0; before < place; before += 1) if (members[before]?.name === name) return false;
  }
  return true;
}
