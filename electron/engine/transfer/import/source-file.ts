import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileFailure } from '../../../../shared/file-failure.ts';
import type { ImportSource } from '../../../../shared/import.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import { downloadObject } from '../../s3/download/download-object.ts';
import type { CallOptions, S3Client } from '../../s3/s3-client.ts';
import { listFolder } from './reading/folder-rows.ts';

/** A source as a file of this machine. */
export interface SourceFile {
  readonly path: string;
  /** What a person calls it. */
  readonly name: string;
  /** Another one means that its rows are others too. */
  readonly identity: string;
  /** Bytes, as they are stored. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/**
 * Objects are downloaded into `folder` first, where `leaveSource` removes them: their rows are read from the start in each
 * run of a job, and a connection that is held for hours at the pace of the writes would break.
 */
export async function openSource(
  source: ImportSource,
  { client, folder }: { readonly client: S3Client; readonly folder: string },
  call: CallOptions,
): Promise<SourceFile> {
  if ('path' in source) return localSource(source.path);
  // What a page names so is a path by the time it comes here.
  if ('handle' in source) throw new AppFailure('invalid-arguments', 'A handle of a file means nothing here.');
  const { bucket, key } = source.object;
  const head = await client.headObject(bucket, key, call);
  const path = join(folder, createHash('sha256').update(`${bucket}\0${key}\0${head.etag}`).digest('hex'));
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw fileFailure(folder, cause);
  });
  const held = await stat(path).catch(() => null);
  if (held?.size !== head.size) await downloadObject(client, bucket, key, path, { ...call, ifMatch: head.etag });
  return {
    path,
    name: basename(key),
    identity: `${head.etag} ${head.size}`,
    size: head.size,
    modifiedAt: head.lastModified ?? 0,
  };
}

/** Removes what `openSource` downloaded. */
export async function leaveSource(source: ImportSource, { path }: SourceFile): Promise<void> {
  if ('object' in source) await rm(path, { force: true });
}

async function localSource(path: string): Promise<SourceFile> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw localFileFailure(path, 'read', cause);
  });
  const name = basename(path);
  if (!facts.isDirectory()) {
    const modifiedAt = facts.mtime.getTime();
    return { path, name, identity: `${facts.size} ${modifiedAt}`, size: facts.size, modifiedAt };
  }
  const hash = createHash('sha256');
  let modifiedAt = 0;
  let size = 0;
  const files = await listFolder(path);
  for (const file of files) {
    hash.update(`${file.path}\0${file.size}\0${file.modifiedAt}\0`);
    modifiedAt = Math.max(modifiedAt, file.modifiedAt);
    size += file.size;
  }
  if (files.length === 0) {
    throw new AppFailure(
      'invalid-arguments',
      `There is no JSON file below ${path}. A folder is imported as its .json files, a record each; choose another one.`,
    );
  }
  return { path, name, identity: hash.digest('hex'), size, modifiedAt };
}
