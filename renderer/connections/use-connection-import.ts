import { useEffect, useState } from 'react';
import { LONGEST_CONNECTION_FILE, type ConnectionFile, type ConnectionImport } from '../../shared/connection-file.ts';
import { AppFailure, type AppError } from '../../shared/result.ts';
import { call, isAborted, toAppError } from '../api/call.ts';
import { giveWhere, releaseFile } from '../api/give-file.ts';
import { useSettled } from '../query/use-settled.ts';

/** What a person says of the file beside the file itself. */
export type ImportSettings = Pick<ConnectionFile, 'variables' | 'environment' | 'readOnly'>;

type Picked = { readonly name: string; readonly file: File } | { readonly name: string; readonly text: string };

type Source = ConnectionFile['source'];

export interface ConnectionImportControl {
  /** Name of what was chosen; null while nothing is. */
  readonly name: string | null;
  /** What would be added, for the settings that it was asked for; null while that is not known. */
  readonly preview: ConnectionImport | null;
  /** What was added; null before. */
  readonly done: ConnectionImport | null;
  readonly error: AppError | null;
  readonly working: boolean;
  readonly pickFile: (file: File) => void;
  readonly pickText: (text: string) => void;
  readonly leave: () => void;
  readonly start: () => void;
}

/** A file of connections: read, looked at anew with each change of the settings, and imported. */
export function useConnectionImport(first: File | null, settings: ImportSettings): ConnectionImportControl {
  const [picked, setPicked] = useState<Picked | null>(first === null ? null : { name: first.name, file: first });
  const [source, setSource] = useState<Source | null>(null);
  const [preview, setPreview] = useState<ConnectionImport | null>(null);
  const [done, setDone] = useState<ConnectionImport | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [working, setWorking] = useState(false);
  const asked = useSettled(settings, 200);

  useEffect(() => {
    if (picked === null) return undefined;
    const ended = new AbortController();
    void read(picked, ended.signal, setSource, setError);
    return () => ended.abort();
  }, [picked]);

  useEffect(() => {
    if (source === null) return undefined;
    const ended = new AbortController();
    void look(fileOf(source, asked), ended.signal, setPreview, setError);
    return () => ended.abort();
  }, [source, asked]);

  function pick(next: Picked | null): void {
    setPicked(next);
    setSource(null);
    setPreview(null);
    setError(null);
  }

  async function start(): Promise<void> {
    if (source === null || working) return;
    setWorking(true);
    setError(null);
    try {
      setDone(await call('connections:import', { file: fileOf(source, settings) }));
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setWorking(false);
    }
  }

  return {
    name: picked?.name ?? null,
    preview,
    done,
    error,
    working,
    pickFile: (file) => pick({ name: file.name, file }),
    pickText: (text) => pick({ name: 'The pasted text', text }),
    leave: () => pick(null),
    start: () => void start(),
  };
}

function fileOf(source: Source, settings: ImportSettings): ConnectionFile {
  return { source, ownEnvironment: true, filesFrom: null, ...settings };
}

async function look(
  file: ConnectionFile,
  signal: AbortSignal,
  show: (found: ConnectionImport | null) => void,
  fail: (error: AppError | null) => void,
): Promise<void> {
  try {
    const found = await call('connections:preview-import', { file }, signal);
    if (signal.aborted) return;
    show(found);
    fail(null);
  } catch (thrown) {
    if (isAborted(thrown) || signal.aborted) return;
    show(null);
    fail(toAppError(thrown));
  }
}

/** A handle of a file is let go of when another is picked, or nobody looks any more. */
async function read(
  picked: Picked,
  signal: AbortSignal,
  show: (source: Source) => void,
  fail: (error: AppError) => void,
): Promise<void> {
  try {
    const source = 'text' in picked ? { text: picked.text } : await sourceOf(picked.file);
    if ('handle' in source) {
      if (signal.aborted) releaseFile(source.handle);
      else signal.addEventListener('abort', () => releaseFile(source.handle));
    }
    if (!signal.aborted) show(source);
  } catch (thrown) {
    if (!signal.aborted) fail(toAppError(thrown));
  }
}

/** Where the window knows no path, its text goes over: a copy in the data folder would hold its secrets. */
async function sourceOf(file: File): Promise<Source> {
  if (file.size > LONGEST_CONNECTION_FILE) {
    throw new AppFailure('invalid-arguments', `${file.name} is larger than 1 MB, which no list of connections is.`);
  }
  const given = await giveWhere(file);
  return given === null ? { text: await file.text() } : { handle: given.handle };
}
