import { expect, it } from 'vitest';
import { KeyIndex } from '../../../electron/sandbox/storage/key-index.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';

/** Mulberry32: the same numbers on every machine. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const PIECES = ['a', 'b', '/', 'é', 'ﬀ', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}', ' ', '\u0001', '~'];

function randomKey(random: () => number): string {
  return Array.from({ length: 1 + Math.floor(random() * 6) }, () => PIECES[Math.floor(random() * PIECES.length)]).join(
    '',
  );
}

it('orders keys as their UTF-8 bytes', () => {
  const random = seeded(1);
  const wrong: string[][] = [];
  for (let round = 0; round < 20_000; round += 1) {
    const left = randomKey(random);
    const right = randomKey(random);
    if (Math.sign(compareUtf8(left, right)) !== Buffer.compare(Buffer.from(left), Buffer.from(right)))
      wrong.push([left, right]);
  }
  expect(wrong).toEqual([]);
});

it('finds, replaces, removes and walks keys like a sorted list', () => {
  const random = seeded(2);
  const index = new KeyIndex<{ readonly key: string; readonly value: number }>();
  const expected = new Map<string, number>();
  for (let round = 0; round < 20_000; round += 1) {
    const key = randomKey(random);
    if (random() < 0.35) {
      if (index.delete(key)?.value !== expected.get(key)) throw new Error(`deleted another ${key}`);
      expected.delete(key);
    } else {
      if (index.set({ key, value: round })?.value !== expected.get(key)) throw new Error(`replaced another ${key}`);
      expected.set(key, round);
    }
  }
  const sorted = [...expected]
    .toSorted(([left], [right]) => compareUtf8(left, right))
    .map(([key, value]) => ({ key, value }));
  expect(index.size).toBe(sorted.length);
  expect([...index.from(() => false)]).toEqual(sorted);
  expect([...index.runs()].flat()).toEqual(sorted);
  const keys = sorted.map(({ key }) => key);
  for (let round = 0; round < 100; round += 1) {
    const start = randomKey(random);
    const rest = [...index.from((key) => compareUtf8(key, start) < 0)].map(({ key }) => key);
    expect(rest.join('\n')).toBe(keys.filter((key) => compareUtf8(key, start) >= 0).join('\n'));
  }
});

it('gives each key that stays once while others come and go between two runs', () => {
  const random = seeded(3);
  const index = new KeyIndex<{ readonly key: string }>();
  const staying = Array.from({ length: 5_000 }, (_, at) => `key-${String(at * 2).padStart(6, '0')}`);
  for (const key of staying) index.set({ key });
  const seen: string[] = [];
  for (const run of index.runs()) {
    if (!Array.isArray(run)) throw new Error('nothing was packed');
    seen.push(...run.map(({ key }: { readonly key: string }) => key));
    // Whole leaves of others come and go, before and behind what has been given.
    const around = `key-${String(Math.floor(random() * 10_000)).padStart(6, '0')}`;
    for (let extra = 0; extra < 1_200; extra += 1) index.set({ key: `${around}/${extra}` });
    for (let extra = 0; extra < 1_200; extra += 1) index.delete(`${around}/${extra}`);
    for (let change = 0; change < 400; change += 1) {
      const key = `key-${String(Math.floor(random() * 5_000) * 2 + 1).padStart(6, '0')}`;
      if (random() < 0.5) index.set({ key });
      else index.delete(key);
    }
  }
  const kept = new Set(staying);
  expect(seen.filter((key) => kept.has(key))).toEqual(staying);
});
