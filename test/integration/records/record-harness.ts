import { GetObjectCommand, GetObjectTaggingCommand, PutObjectCommand, S3Client as SdkClient } from '@aws-sdk/client-s3';
import { createRecordStore, type RecordStore } from '../../../electron/engine/records/record-store.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import type { Collection } from '../../../shared/collection.ts';
import { AppFailure } from '../../../shared/result.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';

export const BUCKET = 'records';
export const { signal } = new AbortController();
export const NOW = new Date('2026-11-25T10:20:30.450Z');

export interface SeenObject extends Record<string, unknown> {
  readonly body: string;
}

export interface RecordHarness {
  readonly sandbox: TestSandbox;
  readonly client: S3Client;
  readonly sdk: SdkClient;
  /** Everything that another client sees of an object. */
  readonly seenBySdk: (key: string) => Promise<SeenObject>;
  /** Answers the ETag. */
  readonly putBySdk: (key: string, body: string) => Promise<string>;
  readonly storeOf: (collection: Collection) => RecordStore;
  readonly stop: () => Promise<void>;
}

/** A sandbox, Dipper's client and another one on the same bucket. */
export async function startRecordHarness(): Promise<RecordHarness> {
  const sandbox = await startTestSandbox({ buckets: [BUCKET] });
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox;
  const client = createS3Client(targetOf(sandbox));
  const sdk = new SdkClient({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  return {
    sandbox,
    client,
    sdk,
    seenBySdk: async (key) => {
      const found = await sdk.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
      const { TagSet } = await sdk.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: key }));
      return {
        body: (await found.Body?.transformToString()) ?? '',
        tags: TagSet,
        contentType: found.ContentType,
        contentEncoding: found.ContentEncoding,
        contentLanguage: found.ContentLanguage,
        contentDisposition: found.ContentDisposition,
        cacheControl: found.CacheControl,
        expires: found.ExpiresString,
        redirect: found.WebsiteRedirectLocation,
        metadata: found.Metadata,
        storageClass: found.StorageClass,
        encryption: found.ServerSideEncryption,
        key: found.SSEKMSKeyId,
      };
    },
    putBySdk: async (key, body) => {
      const answer = await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
      return answer.ETag ?? '';
    },
    storeOf: (collection) => createRecordStore(client, collection, { now: () => NOW }),
    stop: async () => {
      sdk.destroy();
      await client.close();
      await sandbox.stop();
    },
  };
}

export function collectionOf(codec: Collection['codec'], more: Partial<Collection> = {}): Collection {
  return {
    id: 'c',
    connectionId: 'test',
    name: 'test',
    bucket: BUCKET,
    prefix: '',
    codec,
    keyTemplate: '{id}.json',
    tagMapping: false,
    defaultStorageClass: null,
    encryption: null,
    cacheTtlSeconds: 60,
    maxWorkers: null,
    indexSizeCap: 4 * 1024 * 1024,
    memoryOnly: false,
    ...more,
  };
}

export function editOf(
  name: string,
  text: string,
): { readonly edits: readonly [{ part: 'fields'; path: [string]; text: string }] } {
  return { edits: [{ part: 'fields', path: [name], text }] };
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'done', failureCode);
}

export function failureCode(reason: unknown): string {
  return reason instanceof AppFailure ? reason.error.code : String(reason);
}
