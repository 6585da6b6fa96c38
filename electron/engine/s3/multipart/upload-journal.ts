import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode, fileFailure } from '../../../../shared/file-failure.ts';
import { writeDurably } from '../../../files/durable-file.ts';
import type { UploadAddress, UploadedFile } from './multipart-verbs.ts';

/** An upload that Dipper began. */
export interface JournalledUpload extends UploadAddress {
  readonly connection: string;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
  /** Set where it can be gone on with. */
  readonly file: UploadedFile | null;
  /** Names the run of Dipper that began it. */
  readonly run: string;
}

/**
 * The uploads that Dipper began and did not end, a file each: written once S3 has answered the id, before the first part
 * is sent, so that a crash leaves no upload that nobody knows of.
 */
export interface UploadJournal {
  /** Of this run. */
  readonly run: string;
  /** Resolves when it is on disk. Throws `disk-full`, `data-folder-unusable`. */
  begun(upload: Omit<JournalledUpload, 'run' | 'begunAt'>): Promise<void>;
  ended(connection: string, upload: UploadAddress): Promise<void>;
  ofConnection(connection: string): Promise<readonly JournalledUpload[]>;
  /** Lets one at a time go on with the uploads of a name; null while another does. Answers how to let go. */
  claim(name: string): (() => void) | null;
  /** Of a connection that is removed: nobody could end them any more. */
  forget(connection: string): Promise<void>;
}

const FORMAT = 1;

export function createUploadJournal(folder: string): UploadJournal {
  const run = randomUUID();
  const claimed = new Set<string>();
  const pathOf = (connection: string, { bucket, key, uploadId }: UploadAddress): string => {
    const name = createHash('sha256').update(JSON.stringify([connection, bucket, key, uploadId]));
    return join(folder, `${name.digest('hex')}.json`);
  };

  const ofConnection = async (connection: string): Promise<readonly JournalledUpload[]> => {
    const uploads: JournalledUpload[] = [];
    for (const name of await namesIn(folder)) {
      const upload = await readUpload(join(folder, name));
      if (upload?.connection === connection) uploads.push(upload);
    }
    return uploads.toSorted((a, b) => a.begunAt - b.begunAt);
  };

  return {
    run,
    begun: async (upload) => {
      await makeFolder(folder);
      const entry: JournalledUpload = { ...upload, begunAt: Date.now(), run };
      await writeDurably(pathOf(upload.connection, upload), JSON.stringify({ format: FORMAT, ...entry }));
    },
    ended: (connection, upload) => remove(pathOf(connection, upload)),
    ofConnection,
    claim: (name) => {
      if (claimed.has(name)) return null;
      claimed.add(name);
      return () => void claimed.delete(name);
    },
    forget: async (connection) => {
      for (const upload of await ofConnection(connection)) await remove(pathOf(connection, upload));
    },
  };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw fileFailure(folder, cause);
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw fileFailure(path, cause);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json'));
  } catch (cause) {
    if (fileErrorCode(cause) === 'ENOENT') return [];
    throw fileFailure(folder, cause);
  }
}

/** Null for what is no entry, or one of a newer Dipper: it is left alone. */
async function readUpload(path: string): Promise<JournalledUpload | null> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    // An upload that ended since the folder was read.
    if (cause instanceof SyntaxError || fileErrorCode(cause) === 'ENOENT') return null;
    throw fileFailure(path, cause);
  }
  return isEntry(value) ? value : null;
}

function isEntry(value: unknown): value is JournalledUpload {
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== FORMAT) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  return (
    ['connection', 'bucket', 'key', 'uploadId', 'run'].every((name) => typeof members.get(name) === 'string') &&
    typeof members.get('begunAt') === 'number' &&
    typeof members.get('file') === 'object'
  );
}
