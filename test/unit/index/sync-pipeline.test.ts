import { expect, test } from 'vitest';
import type { IndexedObject } from '../../../electron/engine/index/object-batch.ts';
import { Batcher, Budget, Line } from '../../../electron/engine/index/sync-pipeline.ts';
import { collectGarbage } from '../collect-garbage.ts';

function object(key: string, bytes = 10): IndexedObject {
  const facts = { key, etag: '"e"', size: bytes, lastModified: 0, storageClass: 'STANDARD', contentEncoding: null };
  return { facts, body: new Uint8Array(bytes), problem: null };
}

test('a sync of many small objects sends one small batch first, then full ones, two at a time', async () => {
  const sizes: number[] = [];
  let sending = 0;
  let together = 0;
  const batcher = new Batcher(async (objects) => {
    sending += 1;
    together = Math.max(together, sending);
    await new Promise((done) => setImmediate(done));
    sizes.push(objects.length);
    sending -= 1;
  });
  for (let row = 0; row < 2_600; row += 1) await batcher.add(object(String(row)));
  await batcher.flush();
  expect({
    first: sizes[0],
    longest: Math.max(...sizes),
    total: sizes.reduce((sum, size) => sum + size),
    together,
  }).toEqual({
    first: 256,
    longest: 1_000,
    total: 2_600,
    together: 2,
  });
});

test('a batch that cannot be written fails the objects that come after it', async () => {
  const batcher = new Batcher(async () => {
    throw new Error('disk full');
  });
  await batcher.add(object('a'));
  await expect(batcher.flush()).rejects.toThrow('disk full');
  await expect(batcher.add(object('b'))).rejects.toThrow('disk full');
});

test('readers of large objects wait for bytes in order, and one object above the limit passes alone', async () => {
  const budget = new Budget(100);
  const passed: string[] = [];
  await budget.take(60);
  const large = budget.take(500).then(() => passed.push('large'));
  const small = budget.take(10).then(() => passed.push('small'));
  await Promise.resolve();
  expect(passed).toEqual([]);
  budget.give(60);
  await large;
  expect(passed).toEqual(['large']);
  budget.give(500);
  await small;
  expect(passed).toEqual(['large', 'small']);
});

test('a listing waits while the line of objects to read is long, and goes on as it gets shorter', async () => {
  const line = new Line<number>(3);
  let listed = false;
  const listing = line.put([1, 2, 3, 4]).finally(() => {
    listed = true;
  });
  await Promise.resolve();
  expect(listed).toBe(false);
  expect(await line.take()).toBe(1);
  await listing;
  line.close();
  expect([await line.take(), await line.take(), await line.take(), await line.take()]).toEqual([2, 3, 4, null]);
});

test('a line that is empty keeps nothing of what stood in it', async () => {
  const line = new Line<object>(3);
  const left = await passThrough(line);
  // What a weak reference was made to stays until the end of the turn.
  await new Promise((done) => setImmediate(done));
  collectGarbage();
  expect(left.map((item) => item.deref())).toEqual([undefined, undefined]);
  line.close();
});

async function passThrough(line: Line<object>): Promise<readonly WeakRef<object>[]> {
  const items = [{ key: 'a' }, { key: 'b' }];
  await line.put(items);
  while (line.length > 0) await line.take();
  return items.map((item) => new WeakRef(item));
}
