import { compareUtf8 } from '../../../../shared/utf8-order.ts';
import { ownText } from '../own-text.ts';
import { KeyScale, type Stretch } from './key-scale.ts';

/** A part of the key space: keys behind `after`, up to and with `until`. `Tiles` alone changes it. */
export interface Tile {
  /** The last key that was listed, or where the tile was cut. */
  after: string;
  /** Null: to the end. */
  until: string | null;
  /** A page of it is on its way. */
  isAsked: boolean;
  /** Its last page; null before the first. */
  page: Stretch | null;
  /** Keys that its last page lets expect behind `after`. */
  left: number;
  /** One cut a page: what is to the right of a cut is no more than a guess until it has answered. */
  isCut: boolean;
  /** The tile that this one was cut from, until it is known whether that was worth its request. */
  from: Tile | null;
  /** How far to look ahead, as a multiple of all that has been listed. */
  reach: number;
}

/** Pages that a tile has left at least, where it is worth cutting. */
const LEAST_PAGES = 2;
/** Requests that brought nothing new, as a share of the pages listed, and beside them: beyond, nothing more is cut. */
const MOST_WASTE = 0.25;
const FREE_WASTE = 1;
/** What a tile that has not answered yet is expected to waste. */
const EXPECTED_WASTE = 0.1;
const FURTHEST_REACH = 2;

/**
 * Cuts what a listing has still to go through into tiles that are listed at the same time. Together they cover every key
 * once, wherever the cuts are: how evenly depends on what the pages so far let expect of the rest. A tile that turns out
 * big is cut again. The number of tiles doubles at best with each page, so small listings cost no request more, and where
 * cuts turn out to be behind the last key, fewer are made.
 */
export class Tiles {
  readonly #scale: KeyScale;
  readonly #pageSize: number;
  readonly #open = new Set<Tile>();
  #listed: number;
  #answered = 0;

  /** `keys`: the first page, in order, not empty. */
  constructor(prefix: string, keys: readonly string[]) {
    this.#scale = new KeyScale(prefix, keys);
    this.#pageSize = keys.length;
    this.#listed = keys.length;
    const rest = newTile('', null, 1, null);
    this.#open.add(rest);
    this.#see(rest, keys);
  }

  /** The tile whose next page is worth a request now; null where there is none before another has answered. */
  next(): Tile | null {
    const [idle = this.#cut()] = [...this.#open].filter(({ isAsked }) => !isAsked);
    if (idle !== null) idle.isAsked = true;
    return idle;
  }

  /** Takes a page of keys behind the tile's `after`, in order; how many of them are the tile's own. */
  accept(tile: Tile, keys: readonly string[], truncated: boolean): number {
    const { until, from } = tile;
    const own = until === null ? keys.length : countUpTo(keys, until);
    tile.isAsked = false;
    this.#answered += 1;
    this.#listed += own;
    if (from !== null) {
      from.reach = own === 0 ? from.reach / 4 : Math.min(FURTHEST_REACH, from.reach * 2);
      tile.reach = from.reach;
      tile.from = null;
    }
    if (!truncated || own < keys.length || own === 0) this.#open.delete(tile);
    else {
      this.#scale.learn(keys);
      this.#see(tile, keys);
    }
    return own;
  }

  #see(tile: Tile, keys: readonly string[]): void {
    // A tile would keep 300 kB of its last page for them.
    const first = ownText(keys[0] ?? '');
    const last = ownText(keys.at(-1) ?? '');
    tile.after = last;
    tile.page = { first, last, count: keys.length };
    tile.isCut = false;
    tile.left = this.#scale.count(tile.page, last, tile.until, Number.MAX_SAFE_INTEGER);
  }

  #cut(): Tile | null {
    // What ends with its second page would pay for a third.
    if (this.#answered === 0) return null;
    const pages = this.#listed / this.#pageSize;
    const unknown = [...this.#open].filter(({ page }) => page === null).length;
    const wasted = 1 + this.#answered - pages + unknown * EXPECTED_WASTE;
    if (wasted > FREE_WASTE + MOST_WASTE * pages) return null;
    const worthwhile = [...this.#open]
      .filter((tile) => !tile.isCut && this.#leftAfterPage(tile) >= LEAST_PAGES * this.#pageSize)
      .toSorted((one, other) => this.#leftAfterPage(other) - this.#leftAfterPage(one));
    for (const tile of worthwhile) {
      const cut = this.#cutOff(tile);
      if (cut !== null) return cut;
    }
    return null;
  }

  /** Without the page that is on its way. */
  #leftAfterPage(tile: Tile): number {
    return tile.left - (tile.isAsked ? this.#pageSize : 0);
  }

  #cutOff(tile: Tile): Tile | null {
    const { page, after, until } = tile;
    if (page === null) return null;
    tile.isCut = true;
    const share = Math.min(this.#leftAfterPage(tile) / 2, tile.reach * this.#listed);
    const keys = Math.max(this.#pageSize, share) + (tile.isAsked ? this.#pageSize : 0);
    const place = this.#scale.advance(page, after, keys);
    if (place === null || compareUtf8(place, after) <= 0) return null;
    if (until !== null && compareUtf8(place, until) >= 0) return null;
    const right = newTile(place, until, tile.reach, tile);
    tile.until = place;
    tile.left = keys;
    this.#open.add(right);
    return right;
  }
}

function newTile(after: string, until: string | null, reach: number, from: Tile | null): Tile {
  return { after, until, isAsked: false, page: null, left: 0, isCut: false, from, reach };
}

/** How many of the keys, which are in order, are not behind `until`. */
function countUpTo(keys: readonly string[], until: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareUtf8(keys[middle] ?? '', until) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
