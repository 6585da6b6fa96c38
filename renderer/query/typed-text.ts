import { parseWhere } from '../../shared/query-text/parse-where.ts';
import { QueryTextError } from '../../shared/query-text/query-text-error.ts';
import { draftOf } from './draft-rule.ts';
import type { DraftGroup } from './draft.ts';
import { whereText } from './query-text.ts';

/** A query's text as it was typed, with its blanks and line breaks, and also while it cannot be read. */
export interface TypedText {
  readonly text: string;
  /** Text of the draft that it belongs to: a draft that was changed elsewhere has another text. */
  readonly of: string;
}

export interface TextProblem {
  readonly message: string;
  /** From 1, in UTF-16 units of the whole text. */
  readonly column: number;
}

interface Edited {
  readonly draft: DraftGroup;
  readonly typed: TypedText | null;
}

/** The text of the query: as it was typed, as long as the draft is the one that it was typed for. */
export function shownText({ draft, typed }: Edited): string {
  const text = whereText(draft);
  return typed !== null && typed.of === text ? typed.text : text;
}

/** The draft follows the text as far as it can be read. */
export function withText({ draft }: Edited, text: string): Edited {
  const read = readText(text);
  const next = 'draft' in read ? read.draft : draft;
  return { draft: next, typed: { text, of: whereText(next) } };
}

/** What is wrong with the text that is shown; null where it can be read. */
export function textProblem(edited: Edited): TextProblem | null {
  if (edited.typed === null) return null;
  const read = readText(shownText(edited));
  return 'problem' in read ? read.problem : null;
}

function readText(text: string): { readonly draft: DraftGroup } | { readonly problem: TextProblem } {
  try {
    return { draft: draftOf(parseWhere(text)) };
  } catch (error) {
    if (!(error instanceof QueryTextError)) throw error;
    return { problem: { message: error.message, column: error.column } };
  }
}

/** Line and column, from 1, of a column of the whole text. */
export function placeInText(text: string, column: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, column - 1).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
