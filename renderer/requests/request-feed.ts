import type { RequestPage } from '../../shared/request-log.ts';
import type { AppError } from '../../shared/result.ts';
import { call, isAborted, toAppError } from '../api/call.ts';
import { onEvent } from '../api/events.ts';
import { addTries, type RequestGroup } from './request-groups.ts';

export interface RequestFeedState {
  readonly groups: readonly RequestGroup[];
  /** False until the log was read for the first time. */
  readonly loaded: boolean;
  readonly paused: boolean;
  /** Tries that have ended since it was paused. */
  readonly newer: number;
  readonly failure: AppError | null;
}

/** Where the feed comes from; tests give their own. */
export interface RequestSource {
  list(after: number, signal: AbortSignal): Promise<RequestPage>;
  onChanged(listener: (change: { readonly first: number; readonly last: number }) => void): () => void;
}

export const REQUEST_SOURCE: RequestSource = {
  list: (after, signal) => call('requests:list', { after }, signal),
  onChanged: (listener) => onEvent('requests:changed', listener),
};

/** What the log keeps, as the page shows it: read on from where it was whenever the other side says that it grew. */
export class RequestFeed {
  #state: RequestFeedState = { groups: [], loaded: false, paused: false, newer: 0, failure: null };
  #last = 0;
  #reading = false;
  #wanted = false;
  readonly #source: RequestSource;
  readonly #listeners = new Set<() => void>();
  #end: (() => void) | null = null;
  #stop = new AbortController();

  constructor(source: RequestSource) {
    this.#source = source;
  }

  state = (): RequestFeedState => this.#state;

  /** The first listener starts it, the last one to leave ends it. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#end === null) {
      this.#stop = new AbortController();
      this.#end = this.#source.onChanged((change) => this.#changed(change));
      void this.#read();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#end?.();
      this.#end = null;
      this.#stop.abort();
    };
  };

  pause(): void {
    this.#set({ paused: true, newer: 0 });
  }

  resume(): void {
    this.#set({ paused: false, newer: 0 });
    void this.#read();
  }

  #changed({ first, last }: { readonly first: number; readonly last: number }): void {
    if (first > last) {
      // It was emptied, here or in another window: that is shown even while the rest stands still.
      this.#last = last;
      this.#set({ groups: [], newer: 0 });
    } else if (this.#state.paused) {
      this.#set({ newer: Math.max(0, last - this.#last) });
    } else {
      void this.#read();
    }
  }

  async #read(): Promise<void> {
    this.#wanted = true;
    if (this.#reading) return;
    this.#reading = true;
    const { signal } = this.#stop;
    try {
      while (this.#wanted && !this.#state.paused && !signal.aborted) {
        this.#wanted = false;
        const page = await this.#source.list(this.#last, signal);
        if (this.#state.paused) break;
        this.#take(page);
        if (page.next < page.last) this.#wanted = true;
      }
    } catch (error) {
      if (!isAborted(error)) this.#set({ failure: toAppError(error) });
    } finally {
      this.#reading = false;
    }
    // Somebody came back while the reading of before was being given up.
    if (signal.aborted && this.#end !== null) void this.#read();
  }

  #take(page: RequestPage): void {
    // Another Dipper owns the data folder now, and counts from one.
    const begunAnew = page.last < this.#last;
    this.#last = begunAnew ? 0 : page.next;
    if (begunAnew) this.#wanted = true;
    const groups = begunAnew ? [] : addTries(this.#state.groups, page.entries, page.first);
    this.#set({ groups, loaded: true, failure: null });
  }

  #set(change: Partial<RequestFeedState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
