import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadObject } from '../../../electron/engine/s3/download/download-object.ts';
import { journalUploads } from '../../../electron/engine/s3/multipart/journalled-client.ts';
import { putBody } from '../../../electron/engine/s3/multipart/put-body.ts';
import { sweepUploads } from '../../../electron/engine/s3/multipart/sweep-uploads.ts';
import { listUnfinishedUploads, abortUploads } from '../../../electron/engine/s3/multipart/unfinished-uploads.ts';
import {
  uploadFile,
  type FileUploaded,
  type FileUploadOptions,
} from '../../../electron/engine/s3/multipart/upload-file.ts';
import { createUploadJournal } from '../../../electron/engine/s3/multipart/upload-journal.ts';
import { UPLOAD_LIMITS } from '../../../electron/engine/s3/multipart/upload-limits.ts';
import { uploadStream } from '../../../electron/engine/s3/multipart/upload-stream.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { codeOf } from '../../integration/records/record-harness.ts';
import { engineCasesOf, type EngineWorld } from './engine-case.ts';
import { unfinishedOf } from './observe-engine.ts';

const MIB = 1024 * 1024;
/** Three parts. */
const BODY = randomBytes(11 * MIB);
const OTHER_ETAG = '"00000000000000000000000000000000"';
const headers = { contentType: 'application/json', tags: [{ key: 'shape', value: 'round' }] };

async function* piecesOf(body: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = 0; from < body.byteLength; from += MIB) yield await Promise.resolve(body.subarray(from, from + MIB));
}

async function* broken(): AsyncGenerator<Uint8Array, void, undefined> {
  yield* piecesOf(BODY);
  throw new Error('the source broke');
}

/** How Dipper finds things when it starts with what an earlier start left in the folder. */
function start({ client, Bucket }: EngineWorld, folder: string) {
  const journal = createUploadJournal(join(folder, 'uploads'));
  const journalled = journalUploads(client, 'test', journal);
  const file = { connection: 'test', limits: UPLOAD_LIMITS.custom, bucket: Bucket, key: 'file', headers };
  return {
    journal,
    client: journalled,
    upload: (path: string, options: FileUploadOptions): Promise<FileUploaded> =>
      uploadFile({ ...file, client: journalled, journal, path }, options),
  };
}

async function download(client: S3Client, bucket: string, key: string, folder: string): Promise<unknown> {
  const path = join(folder, 'downloaded');
  const { verified, head } = await downloadObject(client, bucket, key, path, {});
  return { verified, whole: (await readFile(path)).equals(BODY), type: head.contentType, tags: head.tagCount };
}

const WHOLE = { verified: 'etag', whole: true, type: 'application/json', tags: 1 };

export const uploads = engineCasesOf('Engine: uploads', [
  {
    name: 'writes a body, and a stream, of three parts; each is downloaded and compared with its ETag',
    run: async ({ client, Bucket, folder }) => {
      const place = folder();
      const body = await putBody(client, Bucket, 'body', BODY, { headers, ifNoneMatch: '*' });
      await uploadStream(client, Bucket, 'stream', piecesOf(BODY), { headers, ifNoneMatch: '*' });
      return {
        body: await download(client, Bucket, 'body', place),
        stream: await download(client, Bucket, 'stream', place),
        replaced: await codeOf(putBody(client, Bucket, 'body', BODY, { headers, ifMatch: body.etag })),
        left: await unfinishedOf(client, Bucket),
      };
    },
    expected: { body: WHOLE, stream: WHOLE, replaced: 'done', left: [] },
  },
  {
    name: 'replaces by an upload in parts only what its caller saw, and leaves no part behind',
    run: async ({ client, Bucket }) => {
      await client.putObject(Bucket, 'a', Buffer.from('old'), {});
      return {
        create: await codeOf(putBody(client, Bucket, 'a', BODY, { ifNoneMatch: '*' })),
        replace: await codeOf(putBody(client, Bucket, 'a', BODY, { ifMatch: OTHER_ETAG })),
        stream: await codeOf(uploadStream(client, Bucket, 'a', piecesOf(BODY), { ifNoneMatch: '*' })),
        size: (await client.headObject(Bucket, 'a', {})).size,
        left: await unfinishedOf(client, Bucket),
      };
    },
    expected: { create: 'record-exists', replace: 'record-changed', stream: 'record-exists', size: 3, left: [] },
  },
  {
    name: 'leaves no part of a stream behind that is stopped, or that breaks by itself',
    run: async ({ client, Bucket }) => {
      const stop = new AbortController();
      const stopped = uploadStream(client, Bucket, 'a', piecesOf(BODY), {
        signal: stop.signal,
        onProgress: () => stop.abort(),
      });
      return {
        stopped: await codeOf(stopped),
        broken: await codeOf(uploadStream(client, Bucket, 'a', broken(), {})),
        there: await codeOf(client.headObject(Bucket, 'a', {})),
        left: await unfinishedOf(client, Bucket),
      };
    },
    expected: { stopped: 'aborted', broken: 'Error: the source broke', there: 'record-not-found', left: [] },
  },
  {
    name: 'goes on with the upload of a file where it was stopped',
    run: async (world) => {
      const { client, Bucket, folder } = world;
      const place = folder();
      const path = join(place, 'file.json');
      await writeFile(path, BODY);
      const stop = new AbortController();
      const onProgress = ({ done }: { readonly done: number }) => {
        if (done > 0) stop.abort();
      };
      const first = await codeOf(start(world, place).upload(path, { signal: stop.signal, onProgress }));
      const begun = await unfinishedOf(client, Bucket);
      const { resumed } = await start(world, place).upload(path, { ifNoneMatch: '*' });
      return {
        first,
        begun,
        resumed: resumed > 0,
        file: await download(client, Bucket, 'file', place),
        left: await unfinishedOf(client, Bucket),
        journal: await start(world, place).journal.ofConnection('test'),
      };
    },
    expected: { first: 'aborted', begun: ['file'], resumed: true, file: WHOLE, left: [], journal: [] },
  },
  {
    name: 'shows unfinished uploads, ends those that a person picks, and sweeps its own of an earlier start',
    run: async (world) => {
      const { client, Bucket, folder } = world;
      const place = folder();
      const earlier = start(world, place);
      const ours = await earlier.client.createMultipartUpload(Bucket, 'p/ours +%ü', {});
      await client.uploadPart({ bucket: Bucket, key: 'p/ours +%ü', uploadId: ours }, 1, BODY.subarray(0, 1000), {});
      const foreign = await client.createMultipartUpload(Bucket, 'p/foreign', {});
      await client.createMultipartUpload(Bucket, 'p/another', {});
      await client.createMultipartUpload(Bucket, 'q', {});
      const now = start(world, place);
      const where = { connection: 'test', bucket: Bucket, prefix: 'p/' };
      const shown = await listUnfinishedUploads(client, now.journal, where, {});
      await abortUploads(client, Bucket, [{ key: 'p/foreign', uploadId: foreign }], {});
      await sweepUploads(now.client, 'test', now.journal, Date.now());
      return {
        shown: shown.uploads
          .map(({ key, bytes, ours: isOurs }) => `${key} ${bytes} ${isOurs ? 'ours' : 'of others'}`)
          .toSorted(),
        left: await unfinishedOf(client, Bucket),
      };
    },
    expected: {
      shown: ['p/another 0 of others', 'p/foreign 0 of others', 'p/ours +%ü 1000 ours'],
      left: ['p/another', 'q'],
    },
  },
]);
