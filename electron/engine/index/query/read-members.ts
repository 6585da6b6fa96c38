import type { JsonNode, JsonObject } from '../../../../shared/json/node.ts';
import type { QueryValue } from '../../../../shared/query.ts';
import { AppFailure } from '../../../../shared/result.ts';

/** Groups in groups, and lists in lists of a value. Nobody means more, and what works on queries may recurse. */
export const DEEPEST_QUERY = 100;

/** Members by name, the last of a name; null ones are absent but for those in `nullable`. */
export function readMembers(
  node: JsonObject,
  path: string,
  known: readonly string[],
  nullable: readonly string[] = [],
): ReadonlyMap<string, JsonNode> {
  const members = new Map<string, JsonNode>();
  for (const { name, value } of node.members) {
    if (!known.includes(name)) {
      const place = path === '' ? 'the query' : path;
      throw invalid(
        path === '' ? name : `${path}.${name}`,
        `${quoted(name)} in ${place} is not known. Known there: ${known.join(', ')}.`,
      );
    }
    if (value.kind !== 'null' || nullable.includes(name)) members.set(name, value);
    else members.delete(name);
  }
  return members;
}

export function required(members: ReadonlyMap<string, JsonNode>, name: string, path: string): JsonNode {
  const node = members.get(name);
  if (node === undefined) throw invalid(`${path}.${name}`, `${path} has no ${name}. Add one.`);
  return node;
}

export function readString(node: JsonNode, path: string): string {
  if (node.kind !== 'string') throw invalid(path, `${path} is no string. Write it in double quotes.`);
  return node.value;
}

export function readItems(node: JsonNode, path: string): readonly JsonNode[] {
  if (node.kind !== 'array') throw invalid(path, `${path} is no list. Write it in square brackets.`);
  return node.items;
}

export function quoted(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(shown);
}

export function invalid(path: string, message: string): AppFailure {
  return new AppFailure('invalid-query', message, path === '' ? {} : { detail: { path } });
}

export function readValue(node: JsonNode, path: string, depth: number): QueryValue {
  if (depth > DEEPEST_QUERY)
    throw invalid(path, `The value nests more than ${DEEPEST_QUERY} deep. Write a simpler one.`);
  switch (node.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
      return node.value;
    case 'number':
      return readNumber(node.text);
    case 'array':
      return node.items.map((item) => readValue(item, path, depth + 1));
    case 'object': {
      // Without a prototype a member called __proto__ is one like any other.
      const object: { [name: string]: QueryValue } = { __proto__: null };
      for (const { name, value } of node.members) object[name] = readValue(value, path, depth + 1);
      return object;
    }
  }
}

function readNumber(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
