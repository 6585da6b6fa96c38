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

const trees = new WeakMap<RecordDocument, Map<RecordPart, JsonNode>>();

/** The tree of a part's text, read once a document: a record of 20 MB takes a tenth of a second. */
export function treeOf(document: RecordDocument, part: RecordPart): JsonNode {
  const known = trees.get(document) ?? new Map<RecordPart, JsonNode>();
  trees.set(document, known);
  const tree = known.get(part) ?? readJson(document[part]);
  known.set(part, tree);
  return tree;
}

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

const differences = new WeakMap<RecordDocument, { before: RecordDocument; edits: readonly RecordEdit[] }>();

/** The smallest set of edits that makes one document of the other; many who draw ask, so the last answer is kept. */
export function editsBetween(before: RecordDocument, after: RecordDocument): readonly RecordEdit[] {
  const known = differences.get(after);
  if (known?.before === before) return known.edits;
  const edits = PARTS.flatMap((part) => {
    if (before[part] === after[part]) return [];
    const texts = { before: before[part], after: after[part] };
    const found = diffJson(treeOf(before, part), treeOf(after, part), texts);
    return found.map(({ path, text }) => ({ part, path, text }));
  });
  differences.set(after, { before, edits });
  return edits;
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
  const root = readJson(text);
  return nestsDeeper(root, DEEPEST_PRETTY) ? text : printPretty(text, root);
}

function nestsDeeper(root: JsonNode, levels: number): boolean {
  let level: readonly JsonNode[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((node) =>
      node.kind === 'object'
        ? node.members.flatMap(({ value }) => (isContainer(value) ? [value] : []))
        : node.kind === 'array'
          ? node.items.filter(isContainer)
          : [],
    );
  }
  return false;
}

function isContainer(node: JsonNode): boolean {
  return node.kind === 'object' || node.kind === 'array';
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
