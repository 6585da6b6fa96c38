import { expect, test } from 'vitest';
import { changeOf, editValue } from '../../../../renderer/record/editing.ts';
import { type OpenRecord, type RecordEvent, reduceRecord } from '../../../../renderer/record/open-record.ts';
import type { RecordDetail } from '../../../../shared/record.ts';

function detail(etag: string, rating: string): RecordDetail {
  return {
    id: 'a',
    form: 'plain',
    fields: [
      { name: 'rating', text: rating },
      { name: 'title', text: '"x"' },
    ],
    metadata: [],
    body: null,
    firstBytes: null,
    facts: {
      key: 'a.json',
      etag,
      size: 1,
      lastModified: null,
      storageClass: 'STANDARD',
      versionId: null,
      contentType: null,
      contentEncoding: null,
      contentLanguage: null,
      contentDisposition: null,
      cacheControl: null,
      expires: null,
      userMetadata: [],
      encryption: null,
      websiteRedirect: null,
    },
    tags: [],
    tagsProblem: null,
    problem: null,
    notes: [],
  };
}

const play = (events: readonly RecordEvent[], start: OpenRecord = { state: 'loading' }): OpenRecord =>
  events.reduce(reduceRecord, start);

test('a conflict keeps the edits, shows the newer record with them on top, and saves against the newer one', () => {
  let record = play([{ type: 'loaded', detail: detail('"1"', '8'), draft: null }]);
  if (record.state !== 'open') throw new Error('The record must be open.');
  record = play(
    [
      { type: 'edited', editing: editValue(record.editing, 'fields', ['title'], '"mine"') },
      { type: 'working', work: 'saving' },
      { type: 'failed', error: { code: 'record-changed', message: 'Changed.', retryable: false } },
      { type: 'working', work: 'reading' },
      { type: 'rebased', detail: detail('"2"', '9') },
    ],
    record,
  );
  expect(record).toMatchObject({ state: 'open', work: null, message: { kind: 'rebased', lost: [] } });
  expect(record.state === 'open' && [record.editing.detail.facts.etag, changeOf(record.editing)]).toEqual([
    '"2"',
    { edits: [{ part: 'fields', path: ['title'], text: '"mine"' }] },
  ]);
});

test('a draft comes back after a reload, says whether the record is a newer one, and is not said where it changes nothing', () => {
  const change = { edits: [{ part: 'fields', path: ['rating'], text: '9' }] } as const;
  const restored = (now: RecordDetail, draftEtag: string) =>
    play([{ type: 'loaded', detail: now, draft: { etag: draftEtag, change, savedAt: 5 } }]);
  expect(restored(detail('"1"', '8'), '"1"')).toMatchObject({ message: { kind: 'restored', newer: false } });
  expect(restored(detail('"2"', '8'), '"1"')).toMatchObject({ message: { kind: 'restored', newer: true } });
  expect(restored(detail('"2"', '9'), '"1"')).toMatchObject({ message: null });
});

test('what is typed while a save is under way is not taken for saved', () => {
  let record = play([{ type: 'loaded', detail: detail('"1"', '8'), draft: null }]);
  if (record.state !== 'open') throw new Error('The record must be open.');
  const edited = editValue(record.editing, 'fields', ['rating'], '9');
  record = play(
    [
      { type: 'working', work: 'saving' },
      { type: 'edited', editing: edited },
    ],
    record,
  );
  expect(record.state === 'open' && changeOf(record.editing)).toBeNull();
});
