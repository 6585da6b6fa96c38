import { chmod, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode, fileFailure } from '../../../../shared/file-failure.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { syncFolder } from '../../../files/durable-file.ts';
import { FRAME, type FrameKind } from './frame.ts';
import { FrameReader, readLastFrame } from './frame-reader.ts';
import { contentOf, Journal, JOURNAL_FORMAT, type JobStanding, type JournalHeader } from './journal.ts';
import { createDiskFile, createMemoryFile, type JournalFile, type ReadableJournal } from './journal-file.ts';
import { scanJournal, type JournalScan } from './scan-journal.ts';

/** A journal as it was found at the start. */
export interface FoundJournal {
  readonly header: JournalHeader;
  /** Null where the process ended before the first one was written. */
  readonly standing: JobStanding | null;
}

/**
 * The journals of a data folder, a file a job: folder mode 0700, files 0600, since they hold records as they were. Those of
 * collections that leave nothing on the disk are in memory, without the records' bodies.
 */
export interface Journals {
  /** Journals that cannot be read, or of which not even the first frame can, are told to `onUnreadable`, and left alone. */
  list(onUnreadable: (path: string) => void): Promise<readonly FoundJournal[]>;
  /** On disk when it resolves. */
  create(header: JournalHeader, standing: JobStanding, inMemory: boolean): Promise<Journal>;
  /** For going on: what a crash cut off at the end is taken away. */
  open(id: string): Promise<{ readonly journal: Journal; readonly scan: JournalScan }>;
  /** Of a job that is not at work: its journal is not read for that, unless a crash cut it off. */
  writeStanding(id: string, standing: JobStanding): Promise<void>;
  /** Runs `read` on the journal, also while another has it open for writing. */
  read<T>(id: string, read: (file: ReadableJournal) => Promise<T>): Promise<T>;
  /** Where the rows of an import are kept that failed, beside its journal. */
  badRowsPath(id: string): string;
  /** Bytes on the disk; 0 where it is not there. */
  size(id: string): Promise<number>;
  remove(id: string): Promise<void>;
}

const SUFFIX = '.journal';
const HEADER: ReadonlySet<FrameKind> = new Set([FRAME.header]);

export function createJournals(folder: string): Journals {
  const inMemory = new Map<string, JournalFile>();
  const pathOf = (id: string): string => join(folder, `${id}${SUFFIX}`);

  const badRowsPath = (id: string): string => join(folder, `${id}.bad-rows`);

  /** `flags` as in fopen. */
  async function openFile(id: string, flags: 'r' | 'r+' | 'wx+'): Promise<JournalFile> {
    const path = pathOf(id);
    try {
      const handle = await open(path, flags, 0o600);
      return createDiskFile(path, handle, (await handle.stat()).size);
    } catch (cause) {
      if (flags !== 'wx+' && fileErrorCode(cause) === 'ENOENT') throw journalGone(cause);
      throw fileFailure(path, cause);
    }
  }

  async function openForWriting(id: string): Promise<{ readonly file: JournalFile; readonly isKept: boolean }> {
    const file = inMemory.get(id);
    return file === undefined ? { file: await openFile(id, 'r+'), isKept: true } : { file, isKept: false };
  }

  /** Null where it cannot be read: one broken file is no reason not to start. */
  async function readJournal(id: string): Promise<FoundJournal | null> {
    try {
      const file = await openFile(id, 'r');
      try {
        return await readStanding(file);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (!(error instanceof AppFailure)) throw error;
      return null;
    }
  }

  async function makeFolder(): Promise<void> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
    } catch (cause) {
      throw fileFailure(folder, cause);
    }
  }

  return {
    list: async (onUnreadable) => {
      await makeFolder();
      const names = await readdir(folder).catch((cause: unknown) => {
        throw fileFailure(folder, cause);
      });
      const found: FoundJournal[] = [];
      for (const name of names.filter((other) => other.endsWith(SUFFIX))) {
        const journal = await readJournal(name.slice(0, -SUFFIX.length));
        if (journal === null) onUnreadable(join(folder, name));
        else found.push(journal);
      }
      return found;
    },
    create: async (header, standing, memoryOnly) => {
      const file = memoryOnly ? createMemoryFile() : await openFile(header.id, 'wx+');
      try {
        const journal = new Journal(file, !memoryOnly);
        await Promise.all([journal.writeHeader(header), journal.writeStanding(standing)]);
        await file.sync();
        if (memoryOnly) inMemory.set(header.id, file);
        else
          await syncFolder(folder).catch((cause: unknown) => {
            throw fileFailure(folder, cause);
          });
        return journal;
      } catch (error) {
        // What failed first is told.
        await file.close().catch(() => undefined);
        if (!memoryOnly) await removeFile(pathOf(header.id));
        throw error;
      }
    },
    open: async (id) => {
      const { file, isKept } = await openForWriting(id);
      try {
        return { journal: new Journal(file, isKept), scan: await scanAndCut(file) };
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    writeStanding: async (id, standing) => {
      const { file, isKept } = await openForWriting(id);
      try {
        if ((await readLastFrame(file)) === null) await scanAndCut(file);
        await new Journal(file, isKept).writeStanding(standing);
      } finally {
        await file.close();
      }
    },
    read: async (id, read) => {
      const kept = inMemory.get(id);
      if (kept !== undefined) return read(kept);
      const file = await openFile(id, 'r');
      try {
        return await read(file);
      } finally {
        await file.close();
      }
    },
    badRowsPath,
    size: async (id) => {
      try {
        return inMemory.has(id) ? 0 : (await stat(pathOf(id))).size;
      } catch (cause) {
        if (fileErrorCode(cause) === 'ENOENT') return 0;
        throw fileFailure(pathOf(id), cause);
      }
    },
    remove: async (id) => {
      inMemory.delete(id);
      await removeFile(badRowsPath(id));
      await removeFile(pathOf(id));
    },
  };
}

/** Takes away what a crash cut off. */
async function scanAndCut(file: JournalFile): Promise<JournalScan> {
  const scan = await scanJournal(file);
  if (scan.end < file.size) await file.cut(scan.end);
  return scan;
}

async function readStanding(file: JournalFile): Promise<FoundJournal | null> {
  const first = await new FrameReader(file).next(HEADER);
  if (first === null || first.content === null) return null;
  const header = contentOf(FRAME.header, first);
  if (header.format !== JOURNAL_FORMAT) return null;
  const last = await readLastFrame(file);
  if (last !== null && last.kind === FRAME.state) return { header, standing: contentOf(FRAME.state, last) };
  return { header, standing: (await scanJournal(file)).standing };
}

async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((cause: unknown) => {
    throw fileFailure(path, cause);
  });
}

function journalGone(cause: unknown): AppFailure {
  return new AppFailure('job-not-found', 'The journal of this job is not there any more. Start the job again.', {
    cause,
  });
}
