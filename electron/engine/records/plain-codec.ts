import { resolveMembers } from '../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import type { DecodedRecord } from './codec.ts';
import { UnreadableRecord } from './unreadable-record.ts';

const KIND_WORDS: Readonly<Record<JsonNode['kind'], string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

export function kindInWords(node: JsonNode): string {
  return KIND_WORDS[node.kind];
}

/** The JSON itself: every member is a field. */
export function decodePlain(text: string, root: JsonNode): DecodedRecord {
  if (root.kind !== 'object')
    throw new UnreadableRecord(`The body is ${kindInWords(root)}; a record is a JSON object.`);
  return { form: 'plain', text, root, fields: resolveMembers(root), metadata: [], hasMetadata: false, notes: [] };
}
