import type { ResultPage } from '../../shared/page.ts';

/** Some times what a window shows: a jump waits for one page, most often, and a page costs by its rows. */
export const PAGE_ROWS = 100;
/** Pages kept: 10,000 rows, which is every row a person scrolls past in some minutes and little memory. */
const KEPT_PAGES = 100;

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
  #wanted: WantedPages = { visible: [], around: [] };
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
    if (isSame(wanted, this.#wanted)) return;
    this.#wanted = wanted;
    this.#failed.clear();
    for (const [page, controller] of this.#inFlight) {
      if (!isWanted(wanted, page)) controller.abort();
    }
    for (const page of [...wanted.around, ...wanted.visible]) this.#touch(page);
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

  /** What is around the visible rows waits until these are here: the pages of a result are read one after the other. */
  #fetchMissing(): void {
    const { visible, around } = this.#wanted;
    const areThere = visible.every((page) => this.#pages.has(page) || this.#failed.has(page));
    for (const page of areThere ? around : visible) {
      if (this.#disposed) return;
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
      if (!isWanted(this.#wanted, oldest)) this.#pages.delete(oldest);
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

interface WantedPages {
  readonly visible: readonly number[];
  /** The one below and the one above. */
  readonly around: readonly number[];
}

function pagesAround(from: number, to: number, total: number): WantedPages {
  const visible = pagesBetween(from, to, total);
  const first = visible[0];
  const last = visible.at(-1);
  if (first === undefined || last === undefined) return { visible, around: [] };
  return { visible, around: [last + 1, first - 1].filter((page) => page >= 0 && page * PAGE_ROWS < total) };
}

function isWanted({ visible, around }: WantedPages, page: number): boolean {
  return visible.includes(page) || around.includes(page);
}

/** What is visible says what is around it. */
function isSame(one: WantedPages, other: WantedPages): boolean {
  return one.visible.length === other.visible.length && one.visible[0] === other.visible[0];
}

/** `to` is the first row that is not looked at. */
function pagesBetween(from: number, to: number, total: number): readonly number[] {
  const first = Math.floor(Math.max(from, 0) / PAGE_ROWS);
  const end = Math.ceil(Math.min(to, total) / PAGE_ROWS);
  return Array.from({ length: Math.max(end - first, 0) }, (_, place) => first + place);
}
