import { diffJson } from '../../shared/json/diff-json.ts';
import { findNode } from '../../shared/json/find-node.ts';
import type { JsonNode, JsonObject } from '../../shared/json/node.ts';
import { patchJson } from '../../shared/json/patch-json.ts';
import { printPretty } from '../../shared/json/print-json.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { NamedText, RecordDetail, RecordEdit } from '../../shared/record.ts';

export type RecordPart = RecordEdit['part'];

/** Fields and metadata of a record, each as the JSON text of an object; values keep the text that they have in S3. */
export type RecordDocument = Readonly<Record<RecordPart, string>>;

export type RecordPath = readonly (string | number)[];

export const PARTS: readonly RecordPart[] = ['fields', 'metadata'];

export function documentOf(detail: RecordDetail): RecordDocument {
  return { fields: objectText(detail.fields), metadata: objectText(detail.metadata) };
}

function objectText(members: readonly NamedText[]): string {
  return `{${members.map(({ name, text }) => `${JSON.stringify(name)}: ${text}`).join(', ')}}`;
}

/** The document with one value set (JSON text) or removed (null). */
export function withValue(
  document: RecordDocument,
  part: RecordPart,
  path: RecordPath,
  text: string | null,
): RecordDocument {
  return { ...document, [part]: patchJson(document[part], [{ path, text }]) };
}

/** The smallest set of edits that makes one document of the other. */
export function editsBetween(before: RecordDocument, after: RecordDocument): readonly RecordEdit[] {
  return PARTS.flatMap((part) => {
    if (before[part] === after[part]) return [];
    const texts = { before: before[part], after: after[part] };
    const edits = diffJson(readJson(texts.before), readJson(texts.after), texts);
    return edits.map(({ path, text }) => ({ part, path, text }));
  });
}

/** The document's text as the JSON tab shows it: the fields alone, or fields and metadata where the form has both. */
export function editorText(document: RecordDocument, form: RecordDetail['form']): string {
  if (form === 'plain') return pretty(document.fields);
  return pretty(`{"fields": ${document.fields}, "metadata": ${document.metadata}}`);
}

/** Levels that are indented; beyond it the indentation alone would be larger than any record (it grows by its square). */
const DEEPEST_PRETTY = 200;

/** JSON text on lines, digits and escapes kept; a text that nests too deep stays as it is. */
export function pretty(text: string): string {
  return depthOf(text) > DEEPEST_PRETTY ? text : printPretty(text, readJson(text));
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  // Strings, whose brackets do not count, or one bracket.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth -= 1;
  }
  return deepest;
}

/** Reads back what `editorText` shows. Throws `JsonSyntaxError`, or an Error whose message says what is not as it must be. */
export function readEditorText(text: string, form: RecordDetail['form']): RecordDocument {
  const root = readJson(text);
  if (root.kind !== 'object') throw new Error('A record is an object: its text begins with { and ends with }.');
  if (form === 'plain') return { fields: checkedObject(root, text), metadata: '{}' };
  for (const member of root.members) {
    if (member.name !== 'fields' && member.name !== 'metadata') {
      throw new Error(
        `This record has “fields” and “metadata” and nothing beside them; “${member.name}” is one too many.`,
      );
    }
  }
  return { fields: partText(root, text, 'fields'), metadata: partText(root, text, 'metadata') };
}

function partText(root: JsonNode, text: string, part: RecordPart): string {
  const node = findNode(root, [part]);
  if (node === null) return '{}';
  if (node.kind !== 'object') throw new Error(`“${part}” of this record is an object.`);
  return checkedObject(node, text);
}

/** A name that stands twice has no edit of its own: the record would have to be written anew as a whole. */
function checkedObject(object: JsonObject, text: string): string {
  const seen = new Set<string>();
  for (const { name } of object.members) {
    if (seen.has(name)) throw new Error(`The name “${name}” stands there twice.`);
    seen.add(name);
  }
  return text.slice(object.start, object.end);
}
