import type { EventMessage } from '../../shared/bridge.ts';
import { formatBytes } from '../../shared/byte-size.ts';
import type { SyncProgress } from '../../shared/page.ts';
import type { TransferProgress } from '../../shared/upload.ts';
import type { CommandContext } from './session.ts';

/** The line that a terminal shows while records are read, or a file is on its way. */
export interface ShownProgress {
  /** For the caller's events: at most five a second, which is how often the line is drawn. */
  readonly onEvent: (event: EventMessage) => void;
  /** From here on the progress of this collection is shown. */
  follow(collection: string): void;
  /** Takes the line away. */
  end(): void;
}

/** What is done sooner needs no line. */
const SHOWN_AFTER_MILLISECONDS = 250;

export function showProgress({ terminal, options }: Pick<CommandContext, 'terminal' | 'options'>): ShownProgress {
  const wanted = options.quiet !== true && options.progress !== false;
  let followed: string | null = null;
  let pace: Pace | null = null;
  let transfer: Pace | null = null;

  const stopping = (): void => terminal.status('Stopping · Ctrl-C again ends at once');
  terminal.signal.addEventListener('abort', stopping, { once: true });

  return {
    onEvent: (event) => {
      if (!wanted || terminal.signal.aborted) return;
      const now = Date.now();
      if (event.name === 'transfer:progress' && event.payload.collection === followed) {
        transfer ??= { since: now, from: event.payload.done };
        terminal.status(transferLine(event.payload, transfer, now));
      }
      if (event.name !== 'sync:progress' || event.payload.collection !== followed) return;
      const progress = event.payload;
      if (progress.state !== 'listing' && progress.state !== 'reading') {
        terminal.status(null);
        return;
      }
      if (progress.read > 0) pace ??= { since: now, from: progress.read };
      if (now - progress.startedAt >= SHOWN_AFTER_MILLISECONDS) terminal.status(progressLine(progress, pace, now));
    },
    follow: (collection) => {
      followed = collection;
    },
    end: () => {
      followed = null;
      terminal.signal.removeEventListener('abort', stopping);
      terminal.status(null);
    },
  };
}

/** When the first records (or bytes) were there, and how many they were: what came before says nothing of the pace. */
interface Pace {
  readonly since: number;
  readonly from: number;
}

/** `Reading 1,200 of 3,201 records · 2,410/s · 1 s left · 1,204 requests · 0.6 MB`; `now` in milliseconds since 1970. */
export function progressLine(progress: SyncProgress, pace: Pace | null, now: number): string {
  const { state, subject, listed, toRead, read, requests, bytes } = progress;
  const parts: string[] = [];
  if (read === 0 && toRead === 0) parts.push(`Listing, ${count(listed)} objects so far`);
  else if (state === 'listing') parts.push(`Reading ${count(read)} records of ${count(listed)} objects so far`);
  else if (subject === 'tags') parts.push(`Reading tags, ${count(read)} of ${count(toRead)} records`);
  else parts.push(`Reading ${count(read)} of ${count(toRead)} records`);

  const seconds = pace === null ? 0 : (now - pace.since) / 1000;
  const rate = pace === null || seconds < 0.2 ? 0 : (read - pace.from) / seconds;
  if (rate > 0) {
    parts.push(`${count(Math.round(rate))}/s`);
    // As long as the listing goes on nobody knows how many there will be.
    if (state === 'reading') parts.push(`${duration((toRead - read) / rate)} left`);
  }
  parts.push(`${count(requests)} requests`, formatBytes(bytes));
  return parts.join(' · ');
}

/** `Uploading 12.0 MB of 96.0 MB · 8.1 MB/s · 11 s left`; `now` in milliseconds since 1970. */
export function transferLine(progress: TransferProgress, pace: Pace, now: number): string {
  const { direction, done, total } = progress;
  const parts = [`${direction === 'up' ? 'Uploading' : 'Downloading'} ${formatBytes(done)} of ${formatBytes(total)}`];
  const seconds = (now - pace.since) / 1000;
  const rate = seconds < 0.2 ? 0 : (done - pace.from) / seconds;
  if (rate > 0) parts.push(`${formatBytes(rate)}/s`, `${duration((total - done) / rate)} left`);
  return parts.join(' · ');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
