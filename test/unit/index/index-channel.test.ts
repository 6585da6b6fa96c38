import { expect, test } from 'vitest';
import { createIndexChannel } from '../../../electron/engine/index/index-channel.ts';

test('an index process that hears nothing any more is ended all the same', async () => {
  const exits: ((reason: string) => void)[] = [];
  const channel = createIndexChannel(
    () => ({
      send: () => undefined,
      onMessage: () => undefined,
      onExit: (listener) => exits.push(listener),
      kill: () => {
        for (const tell of exits.splice(0)) tell('SIGKILL');
      },
    }),
    1,
  );
  const query = channel.call('query', { collection: 'c', query: '{}' }).catch((error: unknown) => error);
  await channel.stop();
  expect([channel.running, await query]).toEqual([
    false,
    expect.objectContaining({ error: expect.objectContaining({ code: 'index-restarted', retryable: true }) }),
  ]);
});
