import { expect, test } from 'vitest';
import { createSandboxKeeper } from '../../../electron/services/sandbox-keeper.ts';

/** Says what happens, and ends when it is told to. */
function keeperWithNews() {
  const news: string[] = [];
  let started = 0;
  const keeper = createSandboxKeeper({
    start: () => {
      started += 1;
      const listeners: ((reason: string) => void)[] = [];
      return Promise.resolve({
        endpoint: `http://127.0.0.1:${started}`,
        region: 'us-east-1',
        accessKeyId: 'key',
        secretAccessKey: 'secret',
        stop: () => {
          for (const listener of listeners) listener('exit code 0');
          return Promise.resolve();
        },
        onExit: (listener) => listeners.push(listener),
      });
    },
    onLost: () => news.push('lost'),
    onChanged: () => news.push(keeper.state()),
  });
  return { keeper, news };
}

test('it runs when it is needed, stays stopped once a person stopped it, and runs again when a person starts it', async () => {
  const { keeper, news } = keeperWithNews();
  expect(keeper.state()).toBe('idle');
  expect((await keeper.running()).endpoint).toBe('http://127.0.0.1:1');
  await keeper.stop();
  await expect(keeper.running()).rejects.toThrow('The Sandbox was stopped. Start it');
  await keeper.start();
  expect((await keeper.running()).endpoint).toBe('http://127.0.0.1:2');
  expect(news).toEqual(['running', 'lost', 'stopped', 'stopped', 'running']);
});

test('one that was never needed can be stopped too, and the end of Dipper tells nobody', async () => {
  const { keeper, news } = keeperWithNews();
  await keeper.stop();
  expect(keeper.state()).toBe('stopped');
  await keeper.start();
  news.length = 0;
  await keeper.close();
  expect(news).toEqual([]);
  await expect(keeper.running()).rejects.toThrow('Dipper is closing.');
});
