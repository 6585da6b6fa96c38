import type { CodecName } from '../../../../shared/collection.ts';
import type { GivenReading, ImportInspection, ImportReading, PreviewedRow } from '../../../../shared/import.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { createIndexChannel } from '../../index/index-channel.ts';
import type { SpawnIndexProcess } from '../../index/index-process.ts';
import type { IndexCalls, IndexMethod } from '../../index/protocol.ts';
import { hasCode } from '../../records/write-failures.ts';
import type { BadRowsFile } from './reading/bad-rows.ts';
import type { OpenImport } from './reading/import-reader.ts';
import type { SourcePaths } from './reading/open-rows.ts';
import type { PreparedRow } from './reading/prepare-rows.ts';
import type { SourceFile } from './source-file.ts';

/**
 * Reads files for imports, in a process of its own: a file may be as large as it likes and as broken, and neither page nor
 * index waits or ends for it. The process is started when it is needed and ends when nobody has needed it for a while.
 */
export interface ImportReaders {
  inspect(
    file: SourcePaths & Pick<SourceFile, 'name'>,
    given: GivenReading,
    codec: CodecName,
    signal: AbortSignal,
  ): Promise<ImportInspection>;
  preview(settings: Omit<OpenImport, 'from'>, count: number, signal: AbortSignal): Promise<readonly PreviewedRow[]>;
  /** Of all rows, bad ones included. */
  count(source: SourcePaths, reading: ImportReading, signal: AbortSignal): Promise<number>;
  /** All rows from `from` on, in their order. */
  rows(settings: OpenImport, signal: AbortSignal): AsyncGenerator<PreparedRow, void, undefined>;
  writeBadRows(file: BadRowsFile, signal: AbortSignal): Promise<number>;
  dispose(): Promise<void>;
}

/** Milliseconds that an idle process is kept: a person who changes a setting looks at the preview again. */
const IDLE = 30_000;

export function createImportReaders(spawn: SpawnIndexProcess): ImportReaders {
  const channel = createIndexChannel(spawn);
  let users = 0;
  let idle: NodeJS.Timeout | null = null;

  async function using<T>(work: () => Promise<T>): Promise<T> {
    enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  function enter(): void {
    users += 1;
    if (idle !== null) clearTimeout(idle);
    idle = null;
  }

  function leave(): void {
    users -= 1;
    if (users > 0) return;
    idle = setTimeout(() => {
      // It ends one way or another.
      if (users === 0) channel.stop().catch(() => undefined);
    }, IDLE);
    idle.unref();
  }

  async function call<M extends IndexMethod>(
    path: string,
    method: M,
    args: IndexCalls[M]['args'],
    signal: AbortSignal,
    late?: (value: IndexCalls[M]['value']) => void,
  ): Promise<IndexCalls[M]['value']> {
    try {
      return await channel.call(method, args, { signal, ...(late === undefined ? {} : { late }) });
    } catch (error) {
      if (hasCode(error, 'index-restarted')) throw readerEnded(path, error);
      throw error;
    }
  }

  /** Without an answer: who stops early does not wait. */
  function close(reader: string): void {
    channel.call('closeImport', { reader }).catch(() => undefined);
  }

  return {
    inspect: ({ path, more = [], name }, given, codec, signal) =>
      using(() => call(path, 'inspectImport', { path, more, name, given, codec }, signal)),
    preview: (settings, count, signal) =>
      using(() => call(settings.path, 'previewImport', { settings, count }, signal)),
    count: ({ path, more = [] }, reading, signal) =>
      using(() => call(path, 'countImport', { path, more, reading }, signal)),
    rows: async function* rows(settings, signal) {
      enter();
      try {
        const { path } = settings;
        const { reader } = await call(path, 'openImport', settings, signal, (late) => close(late.reader));
        try {
          for (let isLast = false; !isLast;) {
            const next = await call(path, 'readImport', { reader }, signal);
            ({ isLast } = next);
            yield* next.rows;
          }
        } finally {
          close(reader);
        }
      } finally {
        leave();
      }
    },
    writeBadRows: (file, signal) => using(() => call(file.path, 'writeBadRows', file, signal)),
    dispose: () => {
      if (idle !== null) clearTimeout(idle);
      return channel.stop();
    },
  };
}

function readerEnded(path: string, cause: unknown): AppFailure {
  return new AppFailure(
    'internal',
    `The process that reads ${path} ended by itself. Try again; if it does so each time, the file is one that Dipper cannot read.`,
    { retryable: true, cause },
  );
}
