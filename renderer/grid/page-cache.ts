import type { ResultPage } from '../../shared/page.ts';

export const PAGE_ROWS = 200;
/** Pages kept: 10,000 rows, which is every row a person scrolls past in some minutes and little memory. */
const KEPT_PAGES = 50;
const IN_FLIGHT = 3;

export type LoadPage = (from: number, count: number, signal: AbortSignal) => Promise<ResultPage>;

export interface CachedRow {
  readonly page: ResultPage;
  /** Position of the row in the page. */
  readonly offset: number;
}

/** Rows by their position in a result; null while they are on their way. */
export interface RowSource {
  readonly total: number;
  row(index: number): CachedRow | null;
  /** Says which rows are looked at: they are fetched first, and what nobody looks at any more is cancelled. */
  want(from: number, to: number): void;
  subscribe(listener: () => void): () => void;
  /** Changes whenever a row's answer may have changed. */
  version(): number;
}

/** The pages of one open result, fetched as they are looked at. */
export class PageCache implements RowSource {
  readonly total: number;
  readonly #load: LoadPage;
  readonly #onFailure: (error: unknown) => void;
  /** In the order of use: the first is dropped first. */
  readonly #pages = new Map<number, ResultPage>();
  readonly #inFlight = new Map<number, AbortController>();
  readonly #failed = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #wanted: readonly number[] = [];
  #version = 0;
  #disposed = false;

  constructor(total: number, load: LoadPage, onFailure: (error: unknown) => void) {
    this.total = total;
    this.#load = load;
    this.#onFailure = onFailure;
  }

  row(index: number): CachedRow | null {
    const page = this.#pages.get(Math.floor(index / PAGE_ROWS));
    if (page === undefined) return null;
    const offset = index - page.from;
    return offset < page.keys.length ? { page, offset } : null;
  }

  want(from: number, to: number): void {
    const wanted = pagesAround(from, to, this.total);
    if (wanted.length === this.#wanted.length && wanted.every((page, place) => page === this.#wanted[place])) return;
    this.#wanted = wanted;
    this.#failed.clear();
    for (const [page, controller] of this.#inFlight) {
      if (!wanted.includes(page)) controller.abort();
    }
    for (const page of wanted.toReversed()) this.#touch(page);
    this.#fetchMissing();
  }

  /** Fetches the rows and resolves once they are there; used before a new result replaces the one on screen. */
  async prefetch(from: number, to: number, signal: AbortSignal): Promise<void> {
    const pages = pagesBetween(from, to, this.total).filter((page) => !this.#pages.has(page));
    const answers = await Promise.all(pages.map((page) => this.#load(page * PAGE_ROWS, this.#rowsOf(page), signal)));
    for (const [place, page] of pages.entries()) this.#keep(page, answers[place]);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  version(): number {
    return this.#version;
  }

  dispose(): void {
    this.#disposed = true;
    for (const controller of this.#inFlight.values()) controller.abort();
    this.#listeners.clear();
  }

  #fetchMissing(): void {
    for (const page of this.#wanted) {
      if (this.#disposed || this.#inFlight.size >= IN_FLIGHT) return;
      if (!this.#pages.has(page) && !this.#inFlight.has(page) && !this.#failed.has(page)) void this.#fetch(page);
    }
  }

  async #fetch(page: number): Promise<void> {
    const controller = new AbortController();
    this.#inFlight.set(page, controller);
    try {
      const answer = await this.#load(page * PAGE_ROWS, this.#rowsOf(page), controller.signal);
      if (!this.#disposed) this.#keep(page, answer);
    } catch (error) {
      if (!controller.signal.aborted) {
        this.#failed.add(page);
        this.#onFailure(error);
      }
    } finally {
      this.#inFlight.delete(page);
      if (!this.#disposed) this.#fetchMissing();
    }
  }

  #rowsOf(page: number): number {
    return Math.min(PAGE_ROWS, this.total - page * PAGE_ROWS);
  }

  #keep(page: number, answer: ResultPage | undefined): void {
    if (answer === undefined) return;
    this.#pages.set(page, answer);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_PAGES) break;
      if (!this.#wanted.includes(oldest)) this.#pages.delete(oldest);
    }
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  #touch(page: number): void {
    const kept = this.#pages.get(page);
    if (kept === undefined) return;
    this.#pages.delete(page);
    this.#pages.set(page, kept);
  }
}

/** Pages of the visible rows first, then the one below and the one above. */
function pagesAround(from: number, to: number, total: number): readonly number[] {
  const visible = pagesBetween(from, to, total);
  const first = visible[0];
  const last = visible.at(-1);
  if (first === undefined || last === undefined) return [];
  const around = [last + 1, first - 1].filter((page) => page >= 0 && page * PAGE_ROWS < total);
  return [...visible, ...around];
}

/** `to` is the first row that is not looked at. */
function pagesBetween(from: number, to: number, total: number): readonly number[] {
  const first = Math.floor(Math.max(from, 0) / PAGE_ROWS);
  const end = Math.ceil(Math.min(to, total) / PAGE_ROWS);
  return Array.from({ length: Math.max(end - first, 0) }, (_, place) => first + place);
}
