import { patchJson } from '../../shared/json/patch-json.ts';
import { JsonSyntaxError } from '../../shared/json/json-syntax-error.ts';
import { findNode } from '../../shared/json/find-node.ts';
import type { JsonNode } from '../../shared/json/node.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { RecordChange, RecordDetail, RecordEdit, Tag } from '../../shared/record.ts';
import { sameTags } from '../../shared/same-tags.ts';
import {
  documentOf,
  editorText,
  editsBetween,
  PARTS,
  readEditorText,
  type RecordDocument,
  type RecordPart,
  type RecordPath,
  treeOf,
  withValue,
} from './record-document.ts';
import { tagProblems, tooManyTags } from '../../shared/tag-limits.ts';

export interface TextProblem {
  readonly message: string;
  /** UTF-16 offset into the text. */
  readonly offset: number;
}

/** A record as it was read, and what has been changed of it since. */
export interface Editing {
  readonly detail: RecordDetail;
  /** As read; null where the object is no record. */
  readonly base: RecordDocument | null;
  /** With the edits; null where the object is no record. */
  readonly now: RecordDocument | null;
  /** The whole body as edited; set only where the object is no record and has text. */
  readonly body: string | null;
  /** The object is no record, but JSON. */
  readonly bodyWasJson: boolean;
  /** With the edits; null where they could not be read. */
  readonly tags: readonly Tag[] | null;
  /** What the JSON tab holds while it is not a record (yet). */
  readonly unfinished: { readonly text: string; readonly problem: TextProblem } | null;
}

export function openEditing(detail: RecordDetail): Editing {
  const base = detail.problem === null ? documentOf(detail) : null;
  const body = base === null ? detail.body : null;
  const unfinished = body === null ? null : unfinishedBody(body);
  return {
    detail,
    base,
    now: base,
    body,
    bodyWasJson: body !== null && unfinished === null,
    tags: detail.tags,
    unfinished,
  };
}

export function editValue(editing: Editing, part: RecordPart, path: RecordPath, text: string | null): Editing {
  if (editing.now === null) return editing;
  return { ...editing, now: withValue(editing.now, part, path, text), unfinished: null };
}

/** Puts the value of one place back as it was read. */
export function undoValue(editing: Editing, part: RecordPart, path: RecordPath): Editing {
  if (editing.base === null) return editing;
  const node = findNode(treeOf(editing.base, part), path);
  return editValue(editing, part, path, node === null ? null : editing.base[part].slice(node.start, node.end));
}

export function editTags(editing: Editing, tags: readonly Tag[]): Editing {
  return { ...editing, tags };
}

/** What the JSON tab shows. */
export function jsonText(editing: Editing): string {
  if (editing.unfinished !== null) return editing.unfinished.text;
  if (editing.now !== null) return editorText(editing.now, editing.detail.form);
  return editing.body ?? '';
}

/** Takes the text of the JSON tab: the record as it says, or kept aside with what is wrong with it. */
export function editJsonText(editing: Editing, text: string): Editing {
  if (editing.now === null) {
    return { ...editing, body: text, unfinished: unfinishedBody(text) };
  }
  let now = editing.now;
  const problem = problemOf(() => {
    now = readEditorText(text, editing.detail.form);
  });
  if (problem !== null) return { ...editing, unfinished: { text, problem } };
  // What says the same as before keeps its own text, so that typing and taking back is no change.
  const edits = editing.base === null ? [] : editsBetween(editing.base, now);
  return {
    ...editing,
    now: editing.base === null ? now : applied(editing.base, edits).document,
    unfinished: null,
  };
}

function unfinishedBody(text: string): Editing['unfinished'] {
  const problem = problemOf(() => readJson(text));
  return problem === null ? null : { text, problem };
}

function problemOf(read: () => unknown): TextProblem | null {
  try {
    read();
    return null;
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) {
      return { message: `Line ${thrown.line}, column ${thrown.column}: ${thrown.message}`, offset: thrown.offset };
    }
    if (thrown instanceof Error) return { message: thrown.message, offset: 0 };
    throw thrown;
  }
}

export function editsOf(editing: Editing): readonly RecordEdit[] {
  return editing.base === null || editing.now === null ? [] : editsBetween(editing.base, editing.now);
}

export function tagsChanged(editing: Editing): boolean {
  return editing.tags !== null && editing.detail.tags !== null && !sameTags(editing.detail.tags, editing.tags);
}

/** What would be sent; null where nothing is changed. */
export function changeOf(editing: Editing): RecordChange | null {
  const tags = tagsChanged(editing) && editing.tags !== null ? { tags: editing.tags } : {};
  if (editing.base === null) {
    if (editing.body !== null && editing.body !== editing.detail.body) return { body: editing.body, ...tags };
    return 'tags' in tags ? { edits: [], ...tags } : null;
  }
  const edits = editsOf(editing);
  return edits.length === 0 && !('tags' in tags) ? null : { edits, ...tags };
}

/** How many values are changed, tags counted as one. */
export function changeCount(editing: Editing): number {
  const change = changeOf(editing);
  if (change === null) return 0;
  return ('body' in change ? 1 : change.edits.length) + (change.tags === undefined ? 0 : 1);
}

/** Why it cannot be saved as it is; null where it can. */
export function obstacle(editing: Editing): string | null {
  // What is broken may be saved as broken as it was; what was whole may not.
  if (editing.unfinished !== null && (editing.now !== null || editing.bodyWasJson)) {
    return editing.unfinished.problem.message;
  }
  if (!tagsChanged(editing) || editing.tags === null) return null;
  return tagProblems(editing.tags)[0]?.message ?? tooManyTags(editing.tags);
}

/**
 * Puts a change (a kept draft, or edits that met a newer record) on top of a record as it is now. `lost` names the
 * edits whose place is not there any more.
 */
export function reapply(detail: RecordDetail, change: RecordChange): { editing: Editing; lost: readonly RecordEdit[] } {
  const opened = openEditing(detail);
  const tags = change.tags !== undefined && detail.tags !== null ? change.tags : opened.tags;
  if ('body' in change) {
    if (opened.base === null) return { editing: { ...opened, body: change.body, tags }, lost: [] };
    // The object has become a record since: the text takes the record's place in the JSON tab, for review.
    return { editing: { ...editJsonText(opened, change.body), tags }, lost: [] };
  }
  if (opened.base === null) return { editing: { ...opened, tags }, lost: change.edits };
  const { document, lost } = applied(opened.base, change.edits);
  return { editing: { ...opened, now: document, tags }, lost };
}

function applied(
  base: RecordDocument,
  edits: readonly RecordEdit[],
): { document: RecordDocument; lost: readonly RecordEdit[] } {
  if (edits.length === 0) return { document: base, lost: [] };
  const lost: RecordEdit[] = [];
  const document: Record<RecordPart, string> = { ...base };
  for (const part of PARTS) {
    const root = treeOf(base, part);
    const fitting = edits.filter((edit) => {
      if (edit.part !== part) return false;
      if (fits(root, edit)) return true;
      lost.push(edit);
      return false;
    });
    if (fitting.length > 0) document[part] = patchJson(base[part], fitting);
  }
  return { document, lost };
}

/** Whether the place of an edit is there: its parent, and for a removal or a list's item the value itself. */
function fits(root: JsonNode, edit: RecordEdit): boolean {
  const parent = findNode(root, edit.path.slice(0, -1));
  const step = edit.path.at(-1);
  if (parent?.kind === 'object')
    return typeof step === 'string' && (edit.text !== null || findNode(parent, [step]) !== null);
  return parent?.kind === 'array' && typeof step === 'number' && step < parent.items.length;
}
