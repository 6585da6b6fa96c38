import { expect, test } from 'vitest';
import { nextRowKeys, type RowKeys } from '../../../renderer/grid/row-keys.ts';

const NONE: RowKeys = new Map();

function rows(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, place) => from + place);
}

test('each row that is drawn has a key of its own, and keeps it while it is drawn', () => {
  const first = nextRowKeys(NONE, rows(100, 30));
  const scrolled = nextRowKeys(first, rows(103, 30));
  for (const row of rows(103, 27)) expect(scrolled.get(row)).toBe(first.get(row));
  expect(new Set(scrolled.values()).size).toBe(30);
  expect(new Set(scrolled.values())).toEqual(new Set(first.values()));
});

test('a jump has the keys of the rows before it, in their order, so that nothing is moved', () => {
  const first = nextRowKeys(NONE, rows(0, 30));
  expect([...nextRowKeys(first, rows(900_000, 30)).values()]).toEqual([...first.values()]);
  expect([...nextRowKeys(first, rows(900_000, 20)).values()]).toEqual([...first.values()].slice(0, 20));
});

test('the active row keeps its key through jumps and windows of any size', () => {
  let keys = nextRowKeys(NONE, rows(0, 25));
  const key = keys.get(7);
  for (let jump = 1; jump <= 50; jump += 1) {
    const drawn = [7, ...rows(jump * 1000, 10 + ((jump * 7) % 30))];
    keys = nextRowKeys(keys, drawn);
    expect(keys.get(7)).toBe(key);
    expect([...keys.keys()]).toEqual(drawn);
    expect(new Set(keys.values()).size).toBe(drawn.length);
  }
});
