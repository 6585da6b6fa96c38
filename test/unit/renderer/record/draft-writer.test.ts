import { expect, test } from 'vitest';
import { createDraftWriter } from '../../../../renderer/record/draft-writer.ts';
import type { Draft } from '../../../../shared/record.ts';

function draft(key: string, text: string): Draft {
  return { collection: 'c', key, etag: '"1"', change: { edits: [{ part: 'fields', path: ['a'], text }] }, savedAt: 1 };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const resolvers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => resolvers.push(resolve));
  return { promise, resolve: () => resolvers.forEach((resolve) => resolve()) };
}

test('typing fast keeps the first and the newest draft, one write at a time, and a failed write stops nothing', async () => {
  const written: string[] = [];
  const failures: unknown[] = [];
  const { promise: slow, resolve: release } = deferred();
  const writer = createDraftWriter(
    {
      save: async ({ key, change }) => {
        written.push(`start ${key} ${'edits' in change ? (change.edits[0]?.text ?? '') : ''}`);
        await slow;
        written.push(`end ${key}`);
        if (key === 'b') throw new Error('the disk is full');
      },
      discard: (_, key) => {
        written.push(`discard ${key}`);
        return Promise.resolve();
      },
    },
    (thrown) => failures.push(thrown),
  );
  for (const text of ['1', '2', '3']) writer.keep(draft('a', text));
  writer.keep(draft('b', '9'));
  writer.discard('c', 'b');
  release();
  await writer.settled();
  expect(written.filter((line) => line.endsWith('a') || line.includes(' a '))).toEqual([
    'start a 1',
    'end a',
    'start a 3',
    'end a',
  ]);
  expect(written.filter((line) => line.includes('b'))).toEqual(['start b 9', 'end b', 'discard b']);
  expect(failures).toEqual([new Error('the disk is full')]);
});
