import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  type BucketVersioningStatus,
} from '@aws-sdk/client-s3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiskStorage } from '../../../electron/sandbox/storage/disk-storage.ts';
import { createMemoryStorage } from '../../../electron/sandbox/storage/memory-storage.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { connectSdk } from './support/connect-sdk.ts';

let directory: string;
let sandbox: TestSandbox;
let s3: S3Client;

const Bucket = 'records';

async function start(kind: string): Promise<void> {
  const storage = kind === 'disk' ? await openDiskStorage({ directory }) : createMemoryStorage();
  sandbox = await startTestSandbox({ buckets: [Bucket], storage });
  s3 = connectSdk(sandbox);
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dipper-versions-'));
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function version(Status: BucketVersioningStatus): Promise<void> {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

async function put(Key: string, Body: string): Promise<string | undefined> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
}

async function read(Key: string, VersionId?: string): Promise<string | undefined> {
  const found = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return found.Body?.transformToString();
}

/** `key id latest?` of all that is listed, in pages of `MaxKeys`; names for ids make it readable. */
async function listed(names: Readonly<Record<string, string | undefined>>, MaxKeys = 1000): Promise<string[]> {
  const nameOf = (id: string | undefined): string =>
    Object.keys(names).find((name) => names[name] === id) ?? id ?? 'none';
  const rows: string[] = [];
  let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys, ...marker }));
    const all = [
      ...(page.Versions ?? []),
      ...(page.DeleteMarkers ?? []).map((found) => ({ ...found, Key: `${found.Key} deleted` })),
    ];
    // The SDK keeps two lists: what is newer comes first in each, and ids sort by age.
    rows.push(...all.map(({ Key, VersionId, IsLatest }) => `${Key} ${nameOf(VersionId)}${IsLatest ? ' latest' : ''}`));
    if (!page.IsTruncated) return rows;
    marker = {
      ...(page.NextKeyMarker === undefined ? {} : { KeyMarker: page.NextKeyMarker }),
      ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
    };
  }
}

async function codeOf(answer: Promise<unknown>): Promise<unknown> {
  return answer.then(
    () => 'ok',
    (error: { readonly name: string; readonly $response?: { readonly headers: Record<string, string> } }) => [
      error.name,
      error.$response?.headers['x-amz-delete-marker'],
      error.$response?.headers['x-amz-version-id'],
    ],
  );
}

describe.each(['memory', 'disk'])('with storage in %s', (kind) => {
  beforeEach(() => start(kind));

  it('keeps what was overwritten and deleted, and gives it back by its version', async () => {
    const before = await put('a', 'before');
    const off = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    await version('Enabled');
    const v1 = await put('a', 'one');
    const v2 = await put('a', 'two');
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    expect(before).toBeUndefined();
    expect(off.Status).toBeUndefined();
    expect(gone.DeleteMarker).toBe(true);
    const names = { v1, v2, marker: gone.VersionId };
    const all = ['a v2', 'a v1', 'a null', 'a deleted marker latest'];
    expect(await listed(names)).toEqual(all);
    expect((await listed(names, 1)).toSorted()).toEqual(all.toSorted());
    expect(await Promise.all([read('a', v1), read('a', v2), read('a', 'null')])).toEqual(['one', 'two', 'before']);
    expect(await codeOf(read('a'))).toEqual(['NoSuchKey', 'true', gone.VersionId]);
    expect(await codeOf(read('a', gone.VersionId))).toEqual(['MethodNotAllowed', 'true', gone.VersionId]);
    expect(await codeOf(read('a', '0123456789abcdef'))).toEqual(['NoSuchVersion', undefined, undefined]);
    expect(await codeOf(read('a', 'no such id'))).toEqual(['InvalidArgument', undefined, undefined]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);

    const undone = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: gone.VersionId }));
    expect([undone.DeleteMarker, undone.VersionId]).toEqual([true, gone.VersionId]);
    expect(await read('a')).toBe('two');
    const removed = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: v2 }));
    expect([removed.DeleteMarker, removed.VersionId]).toEqual([undefined, v2]);
    expect(await read('a')).toBe('one');
    expect(await listed(names)).toEqual(['a v1 latest', 'a null']);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a', VersionId: 'null' }));
    expect([head.VersionId, head.ContentLength]).toEqual(['null', 6]);
  });

  it('writes over the null version alone while versioning is suspended', async () => {
    await put('a', 'before');
    await version('Enabled');
    const v1 = await put('a', 'one');
    await version('Suspended');
    expect(await put('a', 'suspended')).toBe('null');
    expect(await listed({ v1 })).toEqual(['a null latest', 'a v1']);
    expect(await put('a', 'suspended again')).toBe('null');
    expect(await listed({ v1 })).toEqual(['a null latest', 'a v1']);
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    expect([gone.DeleteMarker, gone.VersionId]).toEqual([true, 'null']);
    expect(await listed({ v1 })).toEqual(['a v1', 'a deleted null latest']);
    await version('Enabled');
    const v2 = await put('a', 'two');
    expect(await listed({ v1, v2 })).toEqual(['a v2 latest', 'a v1', 'a deleted null']);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: 'null' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: v2 }));
    expect(await read('a')).toBe('one');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: v1 }));
    expect(await sandbox.storage.deleteBucket(Bucket)).toBe(true);
  });

  it('tags a version and leaves the others, and refuses to tag a delete marker', async () => {
    await version('Enabled');
    const v1 = await put('a', 'one');
    const v2 = await put('a', 'two');
    const TagSet = [{ Key: 'reviewed', Value: 'yes' }];
    const tagged = await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'a', VersionId: v1, Tagging: { TagSet } }));
    expect(tagged.VersionId).toBe(v1);
    const tagsOf = async (VersionId: string | undefined): Promise<unknown> =>
      (await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a', VersionId }))).TagSet;
    expect([await tagsOf(v1), await tagsOf(v2), await tagsOf(undefined)]).toEqual([TagSet, [], []]);
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'a', VersionId: v1 }));
    expect(await tagsOf(v1)).toEqual([]);
    expect(await read('a', v1)).toBe('one');
    const { VersionId } = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    expect(await codeOf(tagsOf(VersionId))).toEqual(['MethodNotAllowed', 'true', VersionId]);
    expect(await codeOf(tagsOf(undefined))).toEqual(['NoSuchKey', 'true', VersionId]);
  });

  it('deletes on a condition, which looks at the version that would go', async () => {
    await version('Enabled');
    const v1 = await put('a', 'one');
    const v2 = await put('a', 'two');
    const { ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a', VersionId: v1 }));
    const remove = (VersionId?: string): Promise<unknown> =>
      s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId, IfMatch: ETag }));
    await expect(remove()).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(remove(v2)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await remove(v1);
    expect(await listed({ v1, v2 })).toEqual(['a v2 latest']);
  });

  it('lists versions of folders, of a prefix and behind a marker', async () => {
    await version('Enabled');
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'c/1', 'd']) await put(key, key);
    const pages: unknown[] = [];
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectVersionsCommand({ Bucket, Delimiter: '/', MaxKeys: 1, KeyMarker, VersionIdMarker }),
      );
      pages.push([page.CommonPrefixes?.map(({ Prefix }) => Prefix), page.Versions?.map(({ Key }) => Key)]);
      ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page);
    } while (KeyMarker !== undefined);
    expect(pages).toEqual([
      [['a/'], undefined],
      [undefined, ['b']],
      [['c/'], undefined],
      [undefined, ['d']],
    ]);
    const prefixed = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'c/' }));
    expect(prefixed.Versions?.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([
      ['c/1', true],
      ['c/1', false],
    ]);
    const behind = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker: 'c/1' }));
    expect(behind.Versions?.map(({ Key }) => Key)).toEqual(['d']);
    await expect(s3.send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker: 'null' }))).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
  });
});
