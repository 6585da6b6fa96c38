import { expect, test } from 'vitest';
import { listInTiles } from '../../../../electron/engine/s3/listing/list-in-tiles.ts';
import type { ScannedPage } from '../../../../electron/engine/s3/listing/scan-page.ts';
import { compareUtf8 } from '../../../../shared/utf8-order.ts';
import { seededDice } from './dice.ts';
import { KEY_FORMS, randomKeys } from './random-keys.ts';
import { collectGarbage } from '../../collect-garbage.ts';

const SEEDS = process.env['DIPPER_TEST_LONG'] === '1' ? 200 : 4;

/** A server that keeps its keys in S3's order; `onRequest` may change them, and the answer. */
class KeyServer {
  requests = 0;
  keys: string[];
  readonly pageSize: number;
  readonly #onRequest: (server: KeyServer) => void;

  constructor(keys: readonly string[], pageSize: number, onRequest: (server: KeyServer) => void = () => undefined) {
    this.keys = [...keys];
    this.pageSize = pageSize;
    this.#onRequest = onRequest;
  }

  page(after: string): ScannedPage {
    this.requests += 1;
    this.#onRequest(this);
    let from = 0;
    let to = this.keys.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compareUtf8(this.keys[middle] ?? '', after) <= 0) from = middle + 1;
      else to = middle;
    }
    const keys = this.keys.slice(after === '' ? 0 : from, from + this.pageSize);
    const objects = keys.map((key) => ({ key, etag: '', size: 0, lastModified: 0, storageClass: 'STANDARD' }));
    const truncated = from + this.pageSize < this.keys.length;
    return { objects, commonPrefixes: [], truncated, nextContinuationToken: null, startAfter: after };
  }
}

/** Keys in the order they were listed in, and how many times the listing waited for an answer. */
async function list(server: KeyServer, prefix = ''): Promise<{ keys: string[]; rounds: number }> {
  const first = server.page('');
  const keys = first.objects.map(({ key }) => key);
  let rounds = 1;
  if (!first.truncated) return { keys, rounds };
  let waiting: (() => void)[] = [];
  const askBehind = async (after: string): Promise<() => Promise<ScannedPage>> => {
    await new Promise<void>((resolve) => {
      if (waiting.length === 0) {
        // All that is asked for until nothing happens any more is answered together.
        setImmediate(() => {
          rounds += 1;
          for (const answer of waiting.splice(0)) answer();
        });
      }
      waiting.push(resolve);
    });
    return () => Promise.resolve(server.page(after));
  };
  for await (const { objects } of listInTiles(prefix, first, askBehind, undefined)) {
    for (const { key } of objects) keys.push(key);
  }
  waiting = [];
  return { keys, rounds };
}

test.each(Object.keys(KEY_FORMS))('%s are listed whole, each key once, whatever the size of a page', async (form) => {
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const dice = seededDice(seed);
    const { keys, prefix } = randomKeys(form, dice.pick([0, 1, 40, 700]), dice);
    const { keys: listed } = await list(new KeyServer(keys, dice.pick([2, 7, 25, 300])), prefix);
    expect(listed.toSorted(compareUtf8)).toEqual(keys);
  }
});

test.each(Object.keys(KEY_FORMS))(
  '%s take at most 1.4 times the requests of one page after the other',
  async (form) => {
    const { keys, prefix } = randomKeys(form, 10_000, seededDice(3));
    const server = new KeyServer(keys, 100);
    await list(server, prefix);
    expect(server.requests).toBeLessThanOrEqual(140);
  },
);

test.each(['numbers', 'UUIDs', 'dates', 'mixed lengths'])(
  '%s are listed five times as fast as one page after the other',
  async (form) => {
    const { keys, prefix } = randomKeys(form, 10_000, seededDice(4));
    expect((await list(new KeyServer(keys, 100), prefix)).rounds).toBeLessThanOrEqual(20);
  },
);

test('a listing keeps no answer that it has read, however slow another one is', async () => {
  const { keys, prefix } = randomKeys('numbers', 10_000, seededDice(6));
  const server = new KeyServer(keys, 100);
  const answers: WeakRef<object>[] = [];
  let underWay = 0;
  let kept: number | null = null;
  let answerSlowOne: (() => void) | null = null;
  const lookWhenOnlySlowOneIsLeft = (): void => {
    if (underWay > 1 || kept !== null) return;
    collectGarbage();
    kept = answers.filter((answer) => answer.deref() !== undefined).length;
    answerSlowOne?.();
  };
  const askBehind = async (after: string): Promise<() => Promise<ScannedPage>> => {
    const read = (): Promise<ScannedPage> => Promise.resolve(server.page(after));
    answers.push(new WeakRef(read));
    underWay += 1;
    await new Promise<void>((resolve) => {
      if (answers.length === 5) answerSlowOne = resolve;
      else setImmediate(resolve);
    });
    underWay -= 1;
    setImmediate(lookWhenOnlySlowOneIsLeft);
    return read;
  };
  let listed = 0;
  for await (const { objects } of listInTiles(prefix, server.page(''), askBehind, undefined)) listed += objects.length;
  expect(listed).toBe(9_900);
  expect(answers.length).toBeGreaterThan(100);
  // The slow one, and the last of the others.
  expect(kept).toBeLessThanOrEqual(3);
});

test('a listing of one page or two costs no request more', async () => {
  for (const [count, requests] of [
    [0, 1],
    [100, 1],
    [101, 2],
    [200, 2],
  ] as const) {
    const server = new KeyServer(randomKeys('numbers', count, seededDice(5)).keys, 100);
    await list(server);
    expect([count, server.requests]).toEqual([count, requests]);
  }
});

test('a key that is there all the time is listed once, whatever is written and deleted meanwhile', async () => {
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const dice = seededDice(seed);
    const { keys, prefix } = randomKeys(dice.pick(Object.keys(KEY_FORMS)), 600, dice);
    const staying = new Set(keys.filter(() => dice.number() < 0.5));
    const others = dice.shuffled(keys.filter((key) => !staying.has(key)));
    const server = new KeyServer(
      [...staying, ...others.slice(0, others.length / 2)].toSorted(compareUtf8),
      20,
      (changing) => {
        const there = new Set(changing.keys);
        for (let left = 5; left > 0 && others.length > 0; left -= 1) {
          const key = dice.pick(others);
          if (!there.delete(key)) there.add(key);
        }
        changing.keys = [...there].toSorted(compareUtf8);
      },
    );
    const { keys: listed } = await list(server, prefix);
    expect(listed.filter((key) => staying.has(key)).toSorted(compareUtf8)).toEqual([...staying].toSorted(compareUtf8));
    expect(new Set(listed).size).toBe(listed.length);
  }
});
