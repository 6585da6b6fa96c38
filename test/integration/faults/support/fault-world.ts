import {
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client as SdkClient,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRecordBatches } from '../../../../electron/engine/records/create-record-batches.ts';
import type { RecordBatches } from '../../../../electron/engine/records/record-batches.ts';
import { createRecordStore, type RecordStore } from '../../../../electron/engine/records/record-store.ts';
import { createS3Client, type S3ClientOptions } from '../../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client, S3Target } from '../../../../electron/engine/s3/s3-client.ts';
import { AppFailure, type AppError } from '../../../../shared/result.ts';
import { BUCKET, collectionOf } from '../../records/record-harness.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../../support/sandbox.ts';

/** For servers that are silent: the whole of a call is bounded by a few of these. Too short for a busy machine elsewhere. */
export const SHORT_TIMEOUTS = { connect: 300, headers: 300, body: 300 };

/** Dipper's side of one server: records one by one and many, as people use them. */
export interface Engine {
  readonly client: S3Client;
  readonly store: RecordStore;
  readonly batches: RecordBatches;
}

export function engineOn(target: S3Target, options: S3ClientOptions = {}): Engine {
  // Pauses between two tries are the subject of unit tests.
  const client = createS3Client(target, { pause: () => nextTurn(), ...options });
  const collection = collectionOf('plain', { prefix: 'records/' });
  return {
    client,
    store: createRecordStore(client, collection),
    batches: createRecordBatches(client, collection),
  };
}

/** A bucket that keeps every version, so that a write that was done twice shows. */
export interface FaultWorld extends Engine {
  readonly sandbox: TestSandbox;
  readonly history: History;
  /** Writes as somebody else; answers the ETag. */
  putBySdk(key: string, body: string): Promise<string>;
  stop(): Promise<void>;
}

/** What another client finds below a prefix: by key the ETags of all versions, the oldest first, and `gone` for each delete. */
export type History = (prefix: string) => Promise<Readonly<Record<string, readonly string[]>>>;

export async function startFaultWorld(options: S3ClientOptions = {}): Promise<FaultWorld> {
  const sandbox = await startTestSandbox({ buckets: [BUCKET] });
  await sandbox.storage.bucket(BUCKET)?.setVersioning('enabled');
  const { sdk, history } = otherClient(sandbox);
  const engine = engineOn(targetOf(sandbox), options);
  return {
    ...engine,
    sandbox,
    history,
    putBySdk: async (key, body) => {
      await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
      return (await sdk.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }))).ETag ?? '';
    },
    stop: async () => {
      sdk.destroy();
      await engine.client.close();
      await sandbox.stop();
    },
  };
}

/** Amazon's, which shares nothing with Dipper's. */
export function otherClient(server: Pick<TestSandbox, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>): {
  readonly sdk: SdkClient;
  readonly history: History;
} {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const sdk = new SdkClient({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  return {
    sdk,
    history: async (prefix) => {
      const found: Record<string, string[]> = {};
      const deleted: string[] = [];
      let place: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | null = {};
      while (place !== null) {
        const page: ListObjectVersionsCommandOutput = await sdk.send(
          new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: prefix, ...place }),
        );
        // From the newest to the oldest.
        for (const { Key = '', ETag = '' } of page.Versions ?? []) (found[Key] ??= []).unshift(ETag);
        deleted.push(...(page.DeleteMarkers ?? []).map(({ Key = '' }) => Key));
        place =
          page.IsTruncated === true
            ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
            : null;
      }
      for (const key of deleted) (found[key] ??= []).push('gone');
      return found;
    },
  };
}

export async function all<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of stream) list.push(item);
  return list;
}

/** What a call failed with. */

export async function errorOf(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppFailure) return error.error;
    throw error;
  }
  throw new Error('it did not fail');
}
