import type { RecordChange, RecordDetail, RecordEdit } from '../../shared/record.ts';
import type { AppError } from '../../shared/result.ts';
import { changeOf, type Editing, openEditing, reapply } from './editing.ts';

/** Something to be told about the open record, until it is dismissed or the record changes. */
export type RecordMessage =
  | {
      readonly kind: 'restored';
      readonly savedAt: number;
      readonly newer: boolean;
      readonly lost: readonly RecordEdit[];
    }
  | { readonly kind: 'rebased'; readonly lost: readonly RecordEdit[] }
  | { readonly kind: 'saved'; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly error: AppError };

export type OpenRecord =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: AppError }
  | {
      readonly state: 'open';
      readonly editing: Editing;
      readonly work: 'saving' | 'reading' | null;
      readonly message: RecordMessage | null;
    };

export type RecordEvent =
  | { readonly type: 'load' }
  | { readonly type: 'loaded'; readonly detail: RecordDetail; readonly draft: KeptDraft | null }
  | { readonly type: 'load-failed'; readonly error: AppError }
  | { readonly type: 'edited'; readonly editing: Editing }
  | { readonly type: 'working'; readonly work: 'saving' | 'reading' }
  | { readonly type: 'failed'; readonly error: AppError }
  /** The record was read again after a save. */
  | { readonly type: 'saved'; readonly detail: RecordDetail; readonly notes: readonly string[] }
  /** The newer record was read after a conflict; the edits go on top of it. */
  | { readonly type: 'rebased'; readonly detail: RecordDetail }
  | { readonly type: 'dismissed' };

export interface KeptDraft {
  readonly etag: string;
  readonly change: RecordChange;
  readonly savedAt: number;
}

export function reduceRecord(record: OpenRecord, event: RecordEvent): OpenRecord {
  if (event.type === 'load') return { state: 'loading' };
  if (event.type === 'load-failed') return { state: 'failed', error: event.error };
  if (event.type === 'loaded') return opened(event.detail, event.draft);
  if (record.state !== 'open') return record;
  switch (event.type) {
    case 'edited':
      // While the save is under way its edits are what was sent; a later one would be taken for saved.
      return record.work === 'saving'
        ? record
        : { ...record, editing: event.editing, message: record.message?.kind === 'saved' ? null : record.message };
    case 'working':
      return { ...record, work: event.work, message: null };
    case 'failed':
      return { ...record, work: null, message: { kind: 'failed', error: event.error } };
    case 'saved':
      return {
        state: 'open',
        editing: openEditing(event.detail),
        work: null,
        message: event.notes.length === 0 ? null : { kind: 'saved', notes: event.notes },
      };
    case 'rebased': {
      const change = changeOf(record.editing);
      if (change === null) return opened(event.detail, null);
      const { editing, lost } = reapply(event.detail, change);
      return { state: 'open', editing, work: null, message: { kind: 'rebased', lost } };
    }
    case 'dismissed':
      return { ...record, message: null };
  }
}

function opened(detail: RecordDetail, draft: KeptDraft | null): OpenRecord {
  if (draft === null) return { state: 'open', editing: openEditing(detail), work: null, message: null };
  const { editing, lost } = reapply(detail, draft.change);
  const newer = draft.etag !== detail.facts.etag;
  const message: RecordMessage | null =
    changeOf(editing) === null && lost.length === 0 ? null : { kind: 'restored', savedAt: draft.savedAt, newer, lost };
  return { state: 'open', editing, work: null, message };
}
