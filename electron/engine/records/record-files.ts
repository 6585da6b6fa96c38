import type { Collection } from '../../../shared/collection.ts';
import type { Connection } from '../../../shared/connection.ts';
import { idOfKey } from '../../../shared/record-key.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { RecordAddress, WrittenRecord } from '../../../shared/record.ts';
import type { DownloadedFile, FileToUpload, TransferProgress } from '../../../shared/upload.ts';
import { downloadObject } from '../s3/download/download-object.ts';
import { uploadFile } from '../s3/multipart/upload-file.ts';
import type { UploadJournal } from '../s3/multipart/upload-journal.ts';
import { UPLOAD_LIMITS } from '../s3/multipart/upload-limits.ts';
import type { CallOptions, ObjectHead, ObjectHeaders, S3Client } from '../s3/s3-client.ts';
import { candidateKeys, keyOfId } from './key-template.ts';
import { readPresentTags } from './present-tags.ts';
import { UNCHECKED_WRITE } from '../s3/unchecked-conditions.ts';
import { conditionOf, headOrNull } from './settle-write.ts';
import { checkByHead, isConditionHeeded, keptHeaders, type ConditionalWrite } from './write-object.ts';

/** Hears of the bytes that have arrived. */
interface TransferOptions {
  readonly onProgress: (progress: Pick<TransferProgress, 'done' | 'total'>) => void;
}

/** The object of a record as a file, whatever it holds and however large it is. */
export async function downloadRecord(
  client: S3Client,
  collection: Collection,
  address: RecordAddress,
  path: string,
  { onProgress, ...call }: CallOptions & TransferOptions,
): Promise<DownloadedFile> {
  const { bucket } = collection;
  const keys = 'key' in address ? [address.key] : candidateKeys(collection, address.id);
  const head = await findHead(client, bucket, keys, call);
  if (head === null) {
    const name = 'key' in address ? `object "${address.key}"` : `record ${JSON.stringify(address.id)}`;
    throw new AppFailure(
      'record-not-found',
      `There is no ${name} in s3://${bucket}/${collection.prefix}. Check the id.`,
      { detail: { bucket } },
    );
  }
  const { verified } = await downloadObject(client, bucket, head.key, path, {
    ...call,
    lane: 'bulk',
    ifMatch: head.etag,
    onProgress,
  });
  return { key: head.key, size: head.size, path, verified };
}

/** A file as the object of a record: its bytes as they are, which only a plain collection has. */
export async function uploadRecord(
  client: S3Client,
  journal: UploadJournal,
  { collection, connection }: { readonly collection: Collection; readonly connection: Pick<Connection, 'id' | 'kind'> },
  { id, path, ifExists }: FileToUpload,
  { onProgress, ...call }: CallOptions & TransferOptions & { readonly signal: AbortSignal },
): Promise<WrittenRecord> {
  if (collection.codec !== 'plain') {
    throw new AppFailure(
      'invalid-arguments',
      'A file becomes an object as it is, and an object of dataknobs has a form of its own. Give the record on standard input.',
    );
  }
  const { bucket } = collection;
  const there = ifExists === 'fail' ? null : await findHead(client, bucket, candidateKeys(collection, id), call);
  const key = there?.key ?? keyOfId(collection, id);
  const write: ConditionalWrite = {
    bucket,
    key,
    expectation: there === null ? { absent: true } : { etag: there.etag },
  };
  const heeded = await isConditionHeeded(client, write, call);
  const { etag } = await uploadFile(
    {
      client,
      journal,
      connection: connection.id,
      limits: UPLOAD_LIMITS[connection.kind],
      bucket,
      key,
      path,
      headers: there === null ? newHeaders(collection) : await headersOf(client, bucket, there, call),
    },
    {
      ...call,
      lane: 'bulk',
      onProgress,
      ...(heeded === false ? {} : conditionOf(write.expectation)),
      ...(heeded === true ? {} : { beforeComplete: () => checkByHead(client, write, call) }),
    },
  );
  const notes = [
    ...(heeded === false ? [UNCHECKED_WRITE] : []),
    ...(collection.tagMapping ? ['The tags were not written: a file is not read as a record.'] : []),
  ];
  return { id: idOfKey(collection.prefix, key), key, etag, notes };
}

function newHeaders(collection: Collection): ObjectHeaders {
  return {
    contentType: 'application/json',
    storageClass: collection.defaultStorageClass,
    encryption: collection.encryption,
  };
}

/** Class, metadata and tags of what is replaced stay; how its bytes were packed says nothing of the file's. */
async function headersOf(
  client: S3Client,
  bucket: string,
  head: ObjectHead,
  call: CallOptions & { readonly signal: AbortSignal },
): Promise<ObjectHeaders> {
  const { tags } = await readPresentTags(client, bucket, head, false, call);
  return { ...keptHeaders(head, tags), contentEncoding: null };
}

async function findHead(
  client: S3Client,
  bucket: string,
  keys: readonly string[],
  call: CallOptions,
): Promise<ObjectHead | null> {
  for (const key of keys) {
    const head = await headOrNull(client, { bucket, key }, call);
    if (head !== null) return head;
  }
  return null;
}
