import { useCallback, useEffect, useReducer, useRef } from 'react';
import { hasEnded } from '../../shared/job.ts';
import { call, isAborted, toAppError } from '../api/call.ts';
import { onEvent } from '../api/events.ts';
import { drafts } from './drafts.ts';
import { changeOf, type Editing, obstacle, openEditing } from './editing.ts';
import { type OpenRecord, reduceRecord } from './open-record.ts';
import { useLatest } from './use-latest.ts';

/** Saves under way, by collection and key: a record that is opened again meanwhile is read after its save. */
const saves = new Map<string, Promise<unknown>>();

function saveName(collection: string, key: string): string {
  return JSON.stringify([collection, key]);
}

export interface OpenRecordActions {
  readonly edit: (editing: Editing) => void;
  readonly discard: () => void;
  readonly save: (options?: { readonly withoutTags?: boolean }) => void;
  /** After a conflict: reads the record as it is now and puts the edits on top. */
  readonly showNewer: () => void;
  readonly readAgain: () => void;
  readonly dismiss: () => void;
}

/** The record under `key`, read from S3, with its kept draft on top; edits are kept as a draft at once. */
export function useOpenRecord(
  collection: string,
  key: string,
  onWritten: (key: string) => void,
): { readonly record: OpenRecord; readonly actions: OpenRecordActions } {
  const [record, dispatch] = useReducer(reduceRecord, { state: 'loading' });
  const current = useLatest(record);
  const work = useRef<AbortController | null>(null);

  /** One piece of work at a time: the next one, or another record, gives the one before up. */
  const begin = useCallback((): AbortSignal => {
    work.current?.abort();
    work.current = new AbortController();
    return work.current.signal;
  }, []);

  const end = useCallback(() => work.current?.abort(), []);

  const load = useCallback(async () => {
    const signal = begin();
    dispatch({ type: 'load' });
    try {
      await saves.get(saveName(collection, key));
      await drafts.settled();
      if (signal.aborted) return;
      const [detail, kept] = await Promise.all([
        call('record:read', { collection, address: { key } }, signal),
        call('drafts:list', { collection }, signal),
      ]);
      if (signal.aborted) return;
      dispatch({ type: 'loaded', detail, draft: kept.find((draft) => draft.key === key) ?? null });
    } catch (thrown) {
      if (!signal.aborted && !isAborted(thrown)) dispatch({ type: 'load-failed', error: toAppError(thrown) });
    }
  }, [begin, collection, key]);

  useEffect(() => {
    void load();
    // A save under way goes on: only what is read for showing is given up.
    return end;
  }, [end, load]);

  const edit = useCallback(
    (editing: Editing) => {
      const open = current.current;
      if (open.state !== 'open' || open.work === 'saving') return;
      dispatch({ type: 'edited', editing });
      const change = changeOf(editing);
      if (change === null) drafts.discard(collection, key);
      else drafts.keep({ collection, key, etag: editing.detail.facts.etag, change, savedAt: Date.now() });
    },
    [collection, current, key],
  );

  const discard = useCallback(() => {
    const open = current.current;
    if (open.state !== 'open') return;
    edit(openEditing(open.editing.detail));
    dispatch({ type: 'dismissed' });
  }, [current, edit]);

  const save = useCallback(
    async (options: { readonly withoutTags?: boolean } = {}) => {
      const open = current.current;
      if (open.state !== 'open' || open.work !== null) return;
      const change = changeOf(open.editing);
      if (change === null || obstacle(open.editing) !== null) return;
      const signal = begin();
      dispatch({ type: 'working', work: 'saving' });
      const sent = call('record:update', {
        collection,
        key,
        etag: open.editing.detail.facts.etag,
        change: options.withoutTags === true && 'edits' in change ? { edits: change.edits } : change,
        ...(options.withoutTags === true ? { withoutTags: true } : {}),
      });
      const settled = sent.then(
        () => drafts.discard(collection, key),
        () => undefined,
      );
      saves.set(saveName(collection, key), settled);
      let notes: readonly string[];
      try {
        ({ notes } = await sent);
        onWritten(key);
      } catch (thrown) {
        if (!signal.aborted) dispatch({ type: 'failed', error: toAppError(thrown) });
        return;
      } finally {
        if (saves.get(saveName(collection, key)) === settled) saves.delete(saveName(collection, key));
      }
      try {
        const detail = await call('record:read', { collection, address: { key } }, signal);
        if (!signal.aborted) dispatch({ type: 'saved', detail, notes });
      } catch (thrown) {
        // The save is done and its edits are in S3: what failed is only showing the record as it is now.
        if (!signal.aborted && !isAborted(thrown)) dispatch({ type: 'load-failed', error: toAppError(thrown) });
      }
    },
    [begin, collection, current, key, onWritten],
  );

  const showNewer = useCallback(async () => {
    const open = current.current;
    if (open.state !== 'open' || open.work !== null) return;
    const signal = begin();
    dispatch({ type: 'working', work: 'reading' });
    try {
      const detail = await call('record:read', { collection, address: { key } }, signal);
      if (!signal.aborted) dispatch({ type: 'rebased', detail });
    } catch (thrown) {
      if (!signal.aborted && !isAborted(thrown)) dispatch({ type: 'failed', error: toAppError(thrown) });
    }
  }, [begin, collection, current, key]);

  // What a job may have changed is read again; edits that are not saved yet meet it as a conflict when they are.
  useEffect(
    () =>
      onEvent('job:changed', (job) => {
        const open = current.current;
        if (job.collection !== collection || job.kind === 'sync' || !hasEnded(job.state)) return;
        if (open.state === 'open' && changeOf(open.editing) === null) void showNewer();
      }),
    [collection, current, showNewer],
  );

  const actions: OpenRecordActions = {
    edit,
    discard,
    save: (options) => void save(options),
    showNewer: () => void showNewer(),
    readAgain: () => void load(),
    dismiss: () => dispatch({ type: 'dismissed' }),
  };
  return { record, actions };
}
