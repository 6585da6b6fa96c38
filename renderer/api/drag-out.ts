import type { DraggedRecords } from '../../shared/dragged-records.ts';
import { AppFailure } from '../../shared/result.ts';
import { bridge } from './bridge.ts';
import { call } from './call.ts';

/** Records as a file that is at hand: what leaves a window has to be there when its drag begins. */
export interface ReadyDrag {
  /** For `dragstart`. */
  readonly start: (event: Pick<DragEvent, 'dataTransfer' | 'preventDefault'>) => void;
  readonly release: () => void;
}

/** Reads the index alone. Throws `record-unreadable`, `invalid-arguments` for what is too large. */
export async function prepareDrag(records: DraggedRecords, signal: AbortSignal): Promise<ReadyDrag> {
  const { dragOut } = bridge();
  if (dragOut === undefined) return asDownload(records, signal);
  const prepared = await dragOut.prepare(records, crypto.randomUUID());
  if (!prepared.ok) {
    const { code, message, retryable } = prepared.error;
    throw new AppFailure(code, message, { retryable });
  }
  const { file } = prepared.value;
  return {
    start: (event) => {
      event.preventDefault();
      dragOut.start(file);
    },
    release: () => undefined,
  };
}

/** A browser saves where it is dropped what stands at an address; a program that takes text gets the text. */
async function asDownload(records: DraggedRecords, signal: AbortSignal): Promise<ReadyDrag> {
  const { name, mediaType, text } = await call('exports:dragged', records, signal);
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  return {
    start: ({ dataTransfer }) => {
      if (dataTransfer === null) return;
      dataTransfer.effectAllowed = 'copy';
      dataTransfer.setData('DownloadURL', `${mediaType}:${name}:${url}`);
      dataTransfer.setData('text/plain', text);
    },
    release: () => URL.revokeObjectURL(url),
  };
}
