import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
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
  /** Further files, read as the first. */
  readonly more: readonly string[];
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
  if ('path' in source) return severalFiles(source.path, source.more ?? []);
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
    more: [],
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

/** Their rows follow each other in this order, which is a part of what they are. */
async function severalFiles(path: string, more: readonly string[]): Promise<SourceFile> {
  if (more.length === 0) return localSource(path);
  const hash = createHash('sha256');
  let [size, modifiedAt] = [0, 0];
  for (const each of [path, ...more]) {
    const facts = await factsOf(each);
    if (facts.isDirectory()) throw folderAmongFiles(each);
    const changedAt = facts.mtime.getTime();
    hash.update(`${each}\0${facts.size} ${changedAt}\0`);
    size += facts.size;
    modifiedAt = Math.max(modifiedAt, changedAt);
  }
  const name = `${basename(path)} and ${more.length} more`;
  return { path, more, name, identity: hash.digest('hex'), size, modifiedAt };
}

function folderAmongFiles(path: string): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `${path} is a folder. Files of one shape can be imported together; a folder is an import of its own.`,
  );
}

async function localSource(path: string): Promise<SourceFile> {
  const facts = await factsOf(path);
  const name = basename(path);
  if (!facts.isDirectory()) {
    const modifiedAt = facts.mtime.getTime();
    const identity = `${facts.size} ${modifiedAt}`;
    return { path, more: [], name, identity, size: facts.size, modifiedAt };
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
  return { path, more: [], name, identity: hash.digest('hex'), size, modifiedAt };
}

function factsOf(path: string): Promise<Stats> {
  return stat(path).catch((cause: unknown) => {
    throw localFileFailure(path, 'read', cause);
  });
}
