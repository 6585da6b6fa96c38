import { useCallback, useEffect, useRef, useState } from 'react';
import type { ImportSource } from '../../../shared/import.ts';
import type { AppError } from '../../../shared/result.ts';
import { isAborted, toAppError } from '../../api/call.ts';
import { giveFile, giveFolder, releaseFile } from '../../api/give-file.ts';
import type { PickedSource } from './picked-source.ts';

export type GivenSource =
  | { readonly state: 'none'; readonly error: AppError | null }
  | { readonly state: 'sending'; readonly name: string; readonly sent: number; readonly total: number | null }
  | { readonly state: 'there'; readonly name: string; readonly source: ImportSource };

const NOTHING: GivenSource = { state: 'none', error: null };

export interface SourceControl {
  readonly given: GivenSource;
  readonly pick: (picked: PickedSource) => void;
  /** An object that is in S3 already. */
  readonly pickObject: (bucket: string, key: string) => void;
  /** Also breaks off the sending. */
  readonly leave: () => void;
}

/** The source of an import on its way to the other side; it is let go of when another is picked, or nobody shows it. */
export function useGivenSource(first: PickedSource | null): SourceControl {
  const [given, setGiven] = useState<GivenSource>(NOTHING);
  const sending = useRef<AbortController | null>(null);
  const held = useRef<string | null>(null);

  const letGo = useCallback(() => {
    sending.current?.abort();
    sending.current = null;
    if (held.current !== null) releaseFile(held.current);
    held.current = null;
  }, []);

  const pick = useCallback(
    (picked: PickedSource) => {
      letGo();
      const controller = new AbortController();
      sending.current = controller;
      void send(picked, controller.signal, setGiven, (handle) => {
        held.current = handle;
      });
    },
    [letGo],
  );

  useEffect(() => {
    if (first !== null) pick(first);
    return letGo;
  }, [first, pick, letGo]);

  return {
    given,
    pick,
    pickObject: (bucket, key) => {
      letGo();
      setGiven({ state: 'there', name: `s3://${bucket}/${key}`, source: { object: { bucket, key } } });
    },
    leave: () => {
      letGo();
      setGiven(NOTHING);
    },
  };
}

async function send(
  picked: PickedSource,
  signal: AbortSignal,
  show: (given: GivenSource) => void,
  hold: (handle: string) => void,
): Promise<void> {
  const total = picked.kind === 'file' ? picked.file.size : null;
  const tell = (sent: number): void => {
    if (!signal.aborted) show({ state: 'sending', name: picked.name, sent, total });
  };
  tell(0);
  try {
    const sending = { signal, onSent: tell };
    const { handle, name } =
      picked.kind === 'file'
        ? await giveFile(picked.file, sending)
        : await giveFolder(picked.name, picked.itself, picked.files, sending);
    // Another was picked meanwhile.
    if (signal.aborted) {
      releaseFile(handle);
      return;
    }
    hold(handle);
    show({ state: 'there', name, source: { handle } });
  } catch (thrown) {
    if (!isAborted(thrown) && !signal.aborted) show({ state: 'none', error: toAppError(thrown) });
  }
}
