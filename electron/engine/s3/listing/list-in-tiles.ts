import { compareUtf8 } from '../../../../shared/utf8-order.ts';
import { markCollection, markedCollection } from '../request-purpose.ts';
import type { ListedObject, UnorderedPage } from '../s3-client.ts';
import { decodeUrlEncoding } from '../uri-encoding.ts';
import { Waiter } from '../../waiter.ts';
import type { ScannedPage } from './scan-page.ts';
import { type Tile, Tiles } from './tiles.ts';

/** Pages that are asked for at once, and so the most that wait in memory. The lane may allow fewer. */
const MOST_AT_ONCE = 32;

/** Asks for the keys behind `after`; what is under way stops with `signal`. */
export type AskForKeysBehind = (after: string, signal: AbortSignal) => Promise<UnreadPage>;

/**
 * An answer that is read once it is taken. Thirty pages of a thousand objects each that wait would be copied by every small
 * garbage collection, tens of milliseconds where cores are few; the bytes of an answer are none of V8's.
 */
export type UnreadPage = () => Promise<ScannedPage>;

/** Fulfilled, or rejected with what the request failed with. */
interface Answered {
  readonly tile: Tile;
  readonly answer: Promise<UnreadPage>;
}

/**
 * All objects behind the first page, by many requests at once, each object once, in no order. False where the server
 * turns out to list in an order of its own or to answer something else than was asked for: then what was listed so far
 * is no part of anything.
 */
export async function* listInTiles(
  prefix: string,
  first: ScannedPage,
  askBehind: AskForKeysBehind,
  signal: AbortSignal | undefined,
): AsyncGenerator<UnorderedPage, boolean, undefined> {
  const tiles = new Tiles(prefix, first.objects.map(keyOf));
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  const collection = markedCollection(signal);
  if (collection !== null) markCollection(stop.signal, collection);

  const underWay = new Map<Tile, Promise<UnreadPage>>();
  // Not `Promise.race`: each race would stay with the slowest request until its end, and with it the answer that won.
  const answered: Answered[] = [];
  const news = new Waiter();
  const ask = (tile: Tile): void => {
    const answer = askBehind(tile.after, stop.signal);
    underWay.set(tile, answer);
    const tell = (): void => {
      answered.push({ tile, answer });
      news.wake();
    };
    answer.then(tell, tell);
  };
  try {
    for (;;) {
      while (underWay.size < MOST_AT_ONCE) {
        const tile = tiles.next();
        if (tile === null) break;
        ask(tile);
      }
      if (underWay.size === 0) return true;
      let next = answered.shift();
      while (next === undefined) {
        await news.wait();
        next = answered.shift();
      }
      const { tile, answer } = next;
      underWay.delete(tile);
      const read = await answer;
      const page = await read();
      if (!isPageBehind(page, tile.after)) return false;
      const own = tiles.accept(tile, page.objects.map(keyOf), page.truncated);
      if (own > 0) yield { objects: page.objects.slice(0, own), mayRepeat: false, startsAgain: false };
    }
  } finally {
    stop.abort();
    signal?.removeEventListener('abort', onAbort);
    // Whatever ended the listing is told already; what the requests under way end with is that they were stopped.
    await Promise.allSettled(underWay.values());
  }
}

/** Whether a page can be the answer to a request for the keys behind `after`: in S3's order, and not of another place. */
export function isPageBehind(page: ScannedPage, after: string): boolean {
  const { startAfter, objects, truncated } = page;
  if (startAfter !== null && startAfter !== after && decodeUrlEncoding(startAfter) !== after) return false;
  if (truncated && objects.length === 0) return false;
  let last = after;
  for (const { key } of objects) {
    if (last !== '' && compareUtf8(last, key) >= 0) return false;
    last = key;
  }
  return true;
}

function keyOf({ key }: ListedObject): string {
  return key;
}
