import { randomUUID } from 'node:crypto';
import { AppFailure } from '../../../../../shared/result.ts';
import type { IndexHandlers } from '../../../index/process/serve.ts';
import { writeBadRows } from './bad-rows.ts';
import { countRows } from './count-rows.ts';
import { ImportReader, previewRows } from './import-reader.ts';
import { inspectSource } from './inspect-source.ts';

type ImportMethod =
  | 'inspectImport'
  | 'previewImport'
  | 'countImport'
  | 'openImport'
  | 'readImport'
  | 'closeImport'
  | 'writeBadRows';

/** What the process that reads files for imports answers. */
export function importHandlers(): Pick<IndexHandlers, ImportMethod> {
  const readers = new Map<string, ImportReader>();

  return {
    inspectImport: ({ name, given, codec, ...source }) => inspectSource(source, name, given, codec),
    previewImport: ({ settings, count }) => previewRows(settings, count),
    countImport: ({ reading, ...source }, signal) => countRows(source, reading, signal),
    openImport: async (settings) => {
      const reader = randomUUID();
      readers.set(reader, await ImportReader.open(settings));
      return { reader };
    },
    readImport: ({ reader }) => {
      const open = readers.get(reader);
      if (open === undefined) throw new AppFailure('aborted', 'This file is not being read any more.');
      return open.next();
    },
    closeImport: async ({ reader }) => {
      const open = readers.get(reader);
      readers.delete(reader);
      await open?.close();
      return null;
    },
    writeBadRows: (file) => writeBadRows(file),
  };
}
