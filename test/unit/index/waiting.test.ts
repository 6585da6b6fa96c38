import { expect, test } from 'vitest';
import { waitFor } from '../../../electron/engine/index/waiting.ts';

test('work that fails after its caller went away is no failure that nobody heard', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  const work = Promise.resolve().then(() => {
    throw new Error('the collection was removed');
  });
  await expect(waitFor(work, AbortSignal.abort())).rejects.toMatchObject({ error: { code: 'aborted' } });
  // Node tells of it once the turn's promises have run.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
