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
  /** Also breaks off the sending. */
  readonly leave: () => void;
}

type PickedObject = Extract<PickedSource, { readonly kind: 'object' }>;
type PickedFiles = Exclude<PickedSource, PickedObject>;

function objectGiven({ name, bucket, key }: PickedObject): GivenSource {
  return { state: 'there', name, source: { object: { bucket, key } } };
}

/** The source of an import on its way to the other side; it is let go of when another is picked, or nobody shows it. */
export function useGivenSource(first: PickedSource | null): SourceControl {
  const [given, setGiven] = useState<GivenSource>(first?.kind === 'object' ? objectGiven(first) : NOTHING);
  const sending = useRef<AbortController | null>(null);
  const held = useRef<readonly string[]>([]);

  const letGo = useCallback(() => {
    sending.current?.abort();
    sending.current = null;
    for (const handle of held.current) releaseFile(handle);
    held.current = [];
  }, []);

  const pickFiles = useCallback(
    (picked: PickedFiles) => {
      letGo();
      const controller = new AbortController();
      sending.current = controller;
      void send(picked, controller.signal, setGiven, (handles) => {
        held.current = handles;
      });
    },
    [letGo],
  );

  useEffect(() => {
    if (first !== null && first.kind !== 'object') pickFiles(first);
    return letGo;
  }, [first, pickFiles, letGo]);

  return {
    given,
    pick: (picked) => {
      if (picked.kind !== 'object') {
        pickFiles(picked);
        return;
      }
      letGo();
      setGiven(objectGiven(picked));
    },
    leave: () => {
      letGo();
      setGiven(NOTHING);
    },
  };
}

async function send(
  picked: PickedFiles,
  signal: AbortSignal,
  show: (given: GivenSource) => void,
  hold: (handles: readonly string[]) => void,
): Promise<void> {
  const total = picked.kind === 'files' ? picked.files.reduce((sum, { size }) => sum + size, 0) : null;
  const handles: string[] = [];
  const tell = (sent: number): void => {
    if (!signal.aborted) show({ state: 'sending', name: picked.name, sent, total });
  };
  tell(0);
  try {
    if (picked.kind === 'folder') {
      const sending = { signal, onSent: tell };
      handles.push((await giveFolder(picked.name, picked.itself, picked.files, sending)).handle);
    } else {
      let before = 0;
      for (const file of picked.files) {
        const onSent = (sent: number): void => tell(before + sent);
        handles.push((await giveFile(file, { signal, onSent })).handle);
        before += file.size;
      }
    }
    const [handle, ...more] = handles;
    // Another was picked meanwhile.
    if (signal.aborted || handle === undefined) {
      for (const each of handles) releaseFile(each);
      return;
    }
    hold(handles);
    show({ state: 'there', name: picked.name, source: more.length === 0 ? { handle } : { handle, more } });
  } catch (thrown) {
    for (const each of handles) releaseFile(each);
    if (!isAborted(thrown) && !signal.aborted) show({ state: 'none', error: toAppError(thrown) });
  }
}
