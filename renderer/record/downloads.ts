import { create } from 'zustand';
import type { AppError } from '../../shared/result.ts';
import { call, isAborted, toAppError } from '../api/call.ts';
import { onEvent } from '../api/events.ts';
import { currentWorkspace } from '../shell/workspace.ts';

/** An object on its way to a file of this machine, or what became of it. */
export interface Download {
  readonly collection: string;
  readonly key: string;
  readonly state: DownloadState;
  readonly stop: () => void;
}

export type DownloadState =
  /** `total` is null until it is known. */
  | { readonly name: 'going'; readonly done: number; readonly total: number | null }
  | { readonly name: 'saved'; readonly path: string; readonly size: number }
  | { readonly name: 'failed'; readonly error: AppError };

type Place = Pick<Download, 'collection' | 'key'>;

const useStore = create<{ readonly downloads: readonly Download[] }>()(() => ({ downloads: [] }));

/** Those under way, and those that ended since the last one was begun. */
export function useDownloads(): readonly Download[] {
  return useStore(({ downloads }) => downloads);
}

/** The one of this record; null where there is none. */
export function useDownload(place: Place): Download | null {
  return useDownloads().find((each) => isOf(each, place)) ?? null;
}

/** Goes on whatever is shown meanwhile; the jobs bar says where the file is. Does nothing where it is under way already. */
export async function download(place: Place): Promise<void> {
  const { collection, key } = place;
  const { downloads } = useStore.getState();
  const going = downloads.filter(({ state }) => state.name === 'going');
  if (going.some((each) => isOf(each, place))) return;
  const stopped = new AbortController();
  const begun: Download = {
    collection,
    key,
    state: { name: 'going', done: 0, total: null },
    stop: () => stopped.abort(),
  };
  useStore.setState({ downloads: [...going, begun] });

  const change = (state: DownloadState): void =>
    useStore.setState(({ downloads: all }) => ({
      downloads: all.map((each) => (isOf(each, place) ? { ...each, state } : each)),
    }));
  const end = onEvent('transfer:progress', ({ record, done, total, ...of }) => {
    const isOurs = of.collection === collection && of.direction === 'down' && 'key' in record && record.key === key;
    if (isOurs) change({ name: 'going', done, total });
  });
  const { say } = currentWorkspace();
  try {
    const { path, size } = await call('record:download', { collection, address: { key }, path: null }, stopped.signal);
    change({ name: 'saved', path, size });
    say(`${downloadName(key)} saved as ${path}`);
  } catch (thrown) {
    if (isAborted(thrown)) {
      useStore.setState(({ downloads: all }) => ({ downloads: all.filter((each) => !isOf(each, place)) }));
      return;
    }
    const error = toAppError(thrown);
    change({ name: 'failed', error });
    say(`${downloadName(key)} could not be downloaded. ${error.message}`);
  } finally {
    end();
  }
}

/** The last part of a key: whole keys are long. */
export function downloadName(key: string): string {
  return key.split('/').findLast((part) => part !== '') ?? key;
}

function isOf(one: Place, other: Place): boolean {
  return one.collection === other.collection && one.key === other.key;
}
