import { GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MULTIPART_THRESHOLD } from '../../../electron/engine/s3/multipart/put-body.ts';
import { EDGE_CASES, EDGE_CASES_PLACE } from '../../../electron/sandbox/edge-cases/all-edge-cases.ts';
import { putEdgeCases } from '../../../electron/sandbox/sample-data.ts';
import type { RecordChange, RecordDetail } from '../../../shared/record.ts';
import { collectionOf, failureCode, signal, startRecordHarness, type RecordHarness } from './record-harness.ts';

const { bucket, prefix } = EDGE_CASES_PLACE;
const collection = collectionOf('plain', { bucket, prefix });

let harness: RecordHarness;

beforeAll(async () => {
  harness = await startRecordHarness();
  await putEdgeCases(harness.sandbox.storage);
});

afterAll(() => harness.stop());

/** Everything that another client sees of an object, its bytes as a sum; of an archived one all but the bytes. */
async function seen(key: string): Promise<Record<string, unknown>> {
  const place = { Bucket: bucket, Key: key };
  const head = await harness.sdk.send(new HeadObjectCommand(place));
  const { TagSet } = await harness.sdk.send(new GetObjectTaggingCommand(place));
  const isArchived = head.StorageClass === 'GLACIER';
  const { Body } = isArchived ? {} : await harness.sdk.send(new GetObjectCommand(place));
  const { $metadata: _, LastModified: __, ...facts } = head;
  const sum = createHash('sha256').update((await Body?.transformToByteArray()) ?? '');
  // What is written in parts has an ETag of another form.
  const ETag = (facts.ContentLength ?? 0) > MULTIPART_THRESHOLD ? undefined : facts.ETag;
  return { ...facts, ETag, tags: TagSet, bytes: sum.digest('hex') };
}

test.each(EDGE_CASES.map(({ name }) => [name]))('%j is saved byte for byte as it was', async (name) => {
  const key = prefix + name;
  const store = harness.storeOf(collection);
  const before = await seen(key);
  let detail: RecordDetail;
  try {
    detail = await store.read({ key }, signal);
  } catch (error) {
    expect(failureCode(error)).toBe('record-archived');
    return;
  }
  let { etag } = detail.facts;
  const save = async (change: RecordChange): Promise<void> => {
    ({ etag } = (await store.update({ collection: collection.id, key, etag, change }, signal)).answer);
  };

  // The text as it was read.
  if (detail.body !== null) await save({ body: detail.body });
  expect(await seen(key)).toEqual(before);

  // Tags alone, there and back.
  await save({ edits: [], tags: [{ key: 'seen', value: 'yes' }] });
  await save({ edits: [], tags: detail.tags ?? [] });
  expect(await seen(key)).toEqual(before);

  // Another value, and the one before again.
  const [first] = detail.fields;
  if (first !== undefined) {
    const edit = (text: string): RecordChange => ({ edits: [{ part: 'fields', path: [first.name], text }] });
    await save(edit('"changed"'));
    expect(etag).not.toBe(before['ETag']);
    await save(edit(first.text));
  }
  // Another text, and the one before again: of what is broken too.
  if (detail.body !== null && detail.problem !== null) {
    await save({ body: `${detail.body} ` });
    expect(etag).not.toBe(before['ETag']);
    await save({ body: detail.body });
  }
  const after = await seen(key);
  if (!isCompressed(name)) expect(after).toEqual(before);
  else expect(withoutBytes(after)).toEqual(withoutBytes(before));
  expect((await store.read({ key }, signal)).body).toBe(detail.body);
});

test('a broken record that is mended is one', async () => {
  const key = `${prefix}bad-json.json`;
  const store = harness.storeOf(collection);
  const { body, facts } = await store.read({ key }, signal);
  const change = { body: body?.replace('"title" ', '"title": ') ?? '' };
  await store.update({ collection: collection.id, key, etag: facts.etag, change }, signal);
  expect(await store.read({ key }, signal)).toMatchObject({ problem: null, fields: [{ name: 'title' }, {}] });
});

function isCompressed(name: string): boolean {
  return /^(gzip|gzip-by-name|brotli|deflate)\.json/.test(name);
}

/** Whoever compresses the same text makes other bytes of it. */
function withoutBytes(object: Record<string, unknown>): Record<string, unknown> {
  const { bytes: _, ETag: __, ContentLength: ___, ...rest } = object;
  return rest;
}
