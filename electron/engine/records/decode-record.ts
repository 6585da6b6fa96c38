import type { CodecName } from '../../../shared/collection.ts';
import { JsonSyntaxError } from '../../../shared/json/json-syntax-error.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import type { RecordProblem } from '../../../shared/record.ts';
import type { DecodedRecord } from './codec.ts';
import { decodeDataknobs } from './dataknobs-codec.ts';
import { decodeBody, type BodyOrigin, type DecodedBody } from './decode-body.ts';
import { decodePlain } from './plain-codec.ts';
import { UnreadableRecord } from './unreadable-record.ts';

/** Reads a body's text as a record; `UnreadableRecord` says why it is none. */
export function decodeRecord(codec: CodecName, text: string): DecodedRecord {
  const root = readRoot(text);
  return codec === 'dataknobs' ? decodeDataknobs(text, root) : decodePlain(text, root);
}

/** An object as a record, or why it is none; `body` is there whenever the bytes are text. */
export type DecodedObject =
  | { readonly record: DecodedRecord; readonly body: DecodedBody; readonly problem: null }
  | { readonly record: null; readonly body: DecodedBody | null; readonly problem: RecordProblem };

/** Reads an object's bytes as stored. Never throws for what the bytes hold. `maximumBytes`: of the uncompressed body. */
export function decodeObject(
  codec: CodecName,
  bytes: Uint8Array,
  origin: BodyOrigin,
  maximumBytes: number,
): DecodedObject {
  let body: DecodedBody | null = null;
  try {
    body = decodeBody(bytes, origin, maximumBytes);
    return { record: decodeRecord(codec, body.text), body, problem: null };
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    return { record: null, body, problem: error.problem };
  }
}

export function isJson(text: string): boolean {
  try {
    readJson(text);
    return true;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return false;
  }
}

function readRoot(text: string): JsonNode {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    if (text.trim() === '') throw new UnreadableRecord('The body is empty; a record is a JSON object.');
    throw new UnreadableRecord(`The body is no JSON: ${error.message}`, error);
  }
}
