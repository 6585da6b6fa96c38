import type { ResultPage } from '../../shared/page.ts';

/**
 * Rows are kept in blocks of so many, and neighbouring blocks are asked for at once: a jump waits for the rows in sight
 * and few others, since an answer costs by its rows.
 */
export const BLOCK_ROWS = 8;
/**
 * About 2,000 rows, some fifty screens to scroll back without a request. The page's garbage collector looks at each text of
 * them: with five times as many a jump took a tenth more processor.
 */
const KEPT_BLOCKS = 256;
/** Blocks fetched below and above those in sight, for who scrolls on from there. */
const BLOCKS_AHEAD = 12;
/** What is fetched ahead ends at a multiple of so many: who scrolls on needs one request for them, not one for each. */
const BLOCKS_TOGETHER = 4;
/** Rows that are so near to those before were scrolled to; farther ones were jumped to. */
const ROWS_BESIDE = 32;

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
  /** Nobody has jumped on from there: what is around is fetched too. */
  wantAround(): void;
  subscribe(listener: () => void): () => void;
  /** Changes whenever a row's answer may have changed. */
  version(): number;
}

/** `end` is the first block that is not of it. */
interface BlockRange {
  readonly first: number;
  readonly end: number;
}

/** The rows of one open result, fetched as they are looked at. */
export class PageCache implements RowSource {
  readonly total: number;
  readonly #load: LoadPage;
  readonly #onFailure: (error: unknown) => void;
  /** The answer that a block came with, in the order of use: the first is dropped first. */
  readonly #blocks = new Map<number, ResultPage>();
  readonly #inFlight = new Map<AbortController, BlockRange>();
  readonly #failed = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #lookedAt: BlockRange | null = null;
  #inSight: BlockRange = { first: 0, end: 0 };
  #around: readonly BlockRange[] = [];
  #version = 0;
  #disposed = false;

  constructor(total: number, load: LoadPage, onFailure: (error: unknown) => void) {
    this.total = total;
    this.#load = load;
    this.#onFailure = onFailure;
  }

  row(index: number): CachedRow | null {
    const page = this.#blocks.get(Math.floor(index / BLOCK_ROWS));
    if (page === undefined) return null;
    const offset = index - page.from;
    return offset < page.keys.length ? { page, offset } : null;
  }

  /**
   * What is around these rows is fetched too where somebody scrolls on from rows beside them. After a jump nobody knows
   * yet whether another one follows, which would wait for what is around this one.
   */
  want(from: number, to: number): void {
    const rows = { first: from, end: to };
    const before = this.#lookedAt;
    if (before !== null && isSame(rows, before)) return;
    this.#lookedAt = rows;
    const inSight = blocksOf(rows, this.total);
    this.#want(inSight, before !== null && isBeside(rows, before) ? blocksAround(inSight, this.total) : []);
  }

  wantAround(): void {
    this.#want(this.#inSight, blocksAround(this.#inSight, this.total));
  }

  #want(inSight: BlockRange, around: readonly BlockRange[]): void {
    const moved = !isSame(inSight, this.#inSight);
    if (!moved && around.length === this.#around.length) return;
    this.#inSight = inSight;
    this.#around = around;
    if (moved) this.#failed.clear();
    for (const [controller, range] of this.#inFlight) if (!this.#isWanted(range)) controller.abort();
    for (const range of [...around, inSight]) for (const block of blocksIn(range)) this.#touch(block);
    this.#fetchMissing();
  }

  /** Fetches the rows and resolves once they are there; used before a new result replaces the one on screen. */
  async prefetch(from: number, to: number, signal: AbortSignal): Promise<void> {
    const runs = this.#missingIn(blocksOf({ first: from, end: to }, this.total));
    await Promise.all(runs.map(async (run) => this.#keep(run, await this.#loadBlocks(run, signal))));
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
    for (const controller of this.#inFlight.keys()) controller.abort();
    this.#listeners.clear();
  }

  /** What is around the rows in sight waits until these are here: the pages of a result are read one after the other. */
  #fetchMissing(): void {
    const areThere = blocksIn(this.#inSight).every((block) => this.#blocks.has(block) || this.#failed.has(block));
    for (const range of areThere ? this.#around : [this.#inSight]) {
      for (const run of this.#missingIn(range)) void this.#fetch(run);
    }
  }

  /** The blocks that are neither here nor on their way, neighbours together. */
  #missingIn(range: BlockRange): readonly BlockRange[] {
    const runs: BlockRange[] = [];
    for (const block of blocksIn(range)) {
      if (this.#blocks.has(block) || this.#failed.has(block) || this.#isInFlight(block)) continue;
      const last = runs.at(-1);
      if (last?.end === block) runs[runs.length - 1] = { first: last.first, end: block + 1 };
      else runs.push({ first: block, end: block + 1 });
    }
    return runs;
  }

  async #fetch(run: BlockRange): Promise<void> {
    const controller = new AbortController();
    this.#inFlight.set(controller, run);
    try {
      const answer = await this.#loadBlocks(run, controller.signal);
      if (!this.#disposed) this.#keep(run, answer);
    } catch (error) {
      if (!controller.signal.aborted) {
        for (const block of blocksIn(run)) this.#failed.add(block);
        this.#onFailure(error);
      }
    } finally {
      this.#inFlight.delete(controller);
      if (!this.#disposed) this.#fetchMissing();
    }
  }

  #loadBlocks({ first, end }: BlockRange, signal: AbortSignal): Promise<ResultPage> {
    const from = first * BLOCK_ROWS;
    return this.#load(from, Math.min(end * BLOCK_ROWS, this.total) - from, signal);
  }

  #keep(run: BlockRange, answer: ResultPage): void {
    const rowsEnd = answer.from + answer.keys.length;
    for (const block of blocksIn(run)) {
      const isWhole = Math.min((block + 1) * BLOCK_ROWS, this.total) <= rowsEnd;
      // A page has a largest size: what did not fit is asked for anew, from its first block on.
      if (isWhole || block === run.first) this.#blocks.set(block, answer);
    }
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT_BLOCKS) break;
      if (!this.#isWanted({ first: oldest, end: oldest + 1 })) this.#blocks.delete(oldest);
    }
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  #touch(block: number): void {
    const kept = this.#blocks.get(block);
    if (kept === undefined) return;
    this.#blocks.delete(block);
    this.#blocks.set(block, kept);
  }

  #isInFlight(block: number): boolean {
    return [...this.#inFlight.values()].some(({ first, end }) => first <= block && block < end);
  }

  #isWanted(range: BlockRange): boolean {
    return [this.#inSight, ...this.#around].some((wanted) => wanted.first < range.end && range.first < wanted.end);
  }
}

function blocksIn({ first, end }: BlockRange): readonly number[] {
  return Array.from({ length: Math.max(end - first, 0) }, (_, place) => first + place);
}

/** Of rows, the first of them and the first that is not of them. */
function blocksOf({ first, end }: BlockRange, total: number): BlockRange {
  return {
    first: Math.floor(Math.max(first, 0) / BLOCK_ROWS),
    end: Math.ceil(Math.min(end, total) / BLOCK_ROWS),
  };
}

/** Those below and those above. */
function blocksAround({ first, end }: BlockRange, total: number): readonly BlockRange[] {
  if (end <= first) return [];
  const wanted = {
    first: Math.floor((first - BLOCKS_AHEAD) / BLOCKS_TOGETHER) * BLOCKS_TOGETHER,
    end: Math.ceil((end + BLOCKS_AHEAD) / BLOCKS_TOGETHER) * BLOCKS_TOGETHER,
  };
  const below = { first: end, end: Math.min(wanted.end, Math.ceil(total / BLOCK_ROWS)) };
  const above = { first: Math.max(wanted.first, 0), end: first };
  return [below, above].filter((range) => range.first < range.end);
}

function isBeside(rows: BlockRange, before: BlockRange): boolean {
  return rows.first <= before.end + ROWS_BESIDE && before.first <= rows.end + ROWS_BESIDE;
}

function isSame(one: BlockRange, other: BlockRange): boolean {
  return one.first === other.first && one.end === other.end;
}
