import { diffJson } from '../../shared/json/diff-json.ts';
import { findNode } from '../../shared/json/find-node.ts';
import type { JsonNode } from '../../shared/json/node.ts';
import { patchJson } from '../../shared/json/patch-json.ts';
import { printJson } from '../../shared/json/print-json.ts';
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
    const edits = diffJson(before[part], after[part]);
    return edits.map(({ path, text }) => ({ part, path, text }));
  });
}

/** The document's text as the JSON tab shows it: the fields alone, or fields and metadata where the form has both. */
export function editorText(document: RecordDocument, form: RecordDetail['form']): string {
  if (form === 'plain') return printJson(document.fields);
  return printJson(`{"fields": ${document.fields}, "metadata": ${document.metadata}}`);
}

/** Reads back what `editorText` shows. Throws `JsonSyntaxError`, or an Error whose message says what is not as it must be. */
export function readEditorText(text: string, form: RecordDetail['form']): RecordDocument {
  const root = readJson(text);
  if (root.kind !== 'object') throw new Error('A record is an object: its text begins with { and ends with }.');
  if (form === 'plain') return { fields: text.slice(root.start, root.end), metadata: '{}' };
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
  return text.slice(node.start, node.end);
}
