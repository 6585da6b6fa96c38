import { randomUUID } from 'node:crypto';
import type { JsonNode } from '../../../shared/json/node.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { DecodedMember } from './codec.ts';

/**
 * The id of a new record, in dataknobs' order: the one that was asked for, `metadata.id`, the field `id`, the field
 * `record_id`, a new UUID. Null and missing decide nothing; an empty id is none.
 */
export function newRecordId(
  asked: string | null,
  record: { readonly metadata: readonly DecodedMember[]; readonly fields: readonly DecodedMember[] },
  mint: () => string = randomUUID,
): string {
  const found =
    asked ??
    idIn(record.metadata, 'id', 'metadata "id"') ??
    idIn(record.fields, 'id', 'field "id"') ??
    idIn(record.fields, 'record_id', 'field "record_id"') ??
    '';
  return found === '' ? mint() : found;
}

/** Python's `str()` of the value. */
function idIn(members: readonly DecodedMember[], name: string, where: string): string | null {
  const value: JsonNode | undefined = members.find((member) => member.name === name)?.value;
  switch (value?.kind) {
    case undefined:
    case 'null':
      return null;
    case 'string':
      return value.value;
    case 'number':
      return value.text;
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'array':
    case 'object':
      throw new AppFailure(
        'invalid-record',
        `The ${where} of the new record is a ${value.kind === 'array' ? 'list' : 'whole object'}, which cannot be its id. Give the record an id.`,
      );
  }
}
