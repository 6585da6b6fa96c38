import { expect, test } from 'vitest';
import { createCredentialKeeper } from '../../../electron/engine/s3/credentials.ts';
import type { CredentialProvider, Credentials } from '../../../electron/engine/s3/s3-client.ts';

const MINUTE = 60_000;

/** Gives `key 1`, `key 2` …, each for an hour, when it is told to. */
function provider(clock: { now: number }): CredentialProvider & {
  fetched: number;
  answer(): Promise<void>;
  fail(): Promise<void>;
} {
  const waiting: { give(): void; refuse(): void }[] = [];
  const settle = async (how: 'give' | 'refuse'): Promise<void> => {
    waiting.shift()?.[how]();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  const made = {
    name: 'test',
    fetched: 0,
    fetch: () => {
      made.fetched += 1;
      const credentials = keyNumber(made.fetched);
      return new Promise<{ credentials: Credentials; expiresAt: number }>((resolve, reject) => {
        waiting.push({
          give: () => resolve({ credentials, expiresAt: clock.now + 60 * MINUTE }),
          refuse: () => reject(new Error('nobody there')),
        });
      });
    },
    answer: () => settle('give'),
    fail: () => settle('refuse'),
  };
  return made;
}

function keyNumber(number: number): Credentials {
  return { accessKeyId: `key ${number}`, secretAccessKey: 'secret', sessionToken: `token ${number}` };
}

test('keys are fetched once for all who wait, and anew five minutes before they end, behind the requests', async () => {
  const clock = { now: 0 };
  const source = provider(clock);
  const keeper = createCredentialKeeper(source, () => clock.now);
  expect(keeper.valid()).toBe(null);
  const waiting = [keeper.load(), keeper.load(), keeper.load()];
  await source.answer();
  expect(await Promise.all(waiting)).toEqual([keyNumber(1), keyNumber(1), keyNumber(1)]);

  clock.now = 54 * MINUTE;
  expect([keeper.valid(), source.fetched]).toEqual([keyNumber(1), 1]);
  clock.now = 55 * MINUTE;
  expect([keeper.valid(), keeper.valid(), source.fetched]).toEqual([keyNumber(1), keyNumber(1), 2]);
  await source.answer();
  expect([keeper.valid(), source.fetched]).toEqual([keyNumber(2), 2]);
});

test('a fetch that fails is no failure while the keys are valid, is tried again, and is one once they have ended', async () => {
  const clock = { now: 0 };
  const source = provider(clock);
  const keeper = createCredentialKeeper(source, () => clock.now);
  const first = keeper.load();
  await source.answer();
  await first;

  clock.now = 56 * MINUTE;
  keeper.valid();
  await source.fail();
  expect([keeper.valid(), source.fetched]).toEqual([keyNumber(1), 2]);
  clock.now = 57 * MINUTE;
  expect([keeper.valid(), source.fetched]).toEqual([keyNumber(1), 3]);
  await source.fail();
  clock.now = 60 * MINUTE;
  expect(keeper.valid()).toBe(null);
  const last = keeper.load();
  await source.fail();
  await expect(last).rejects.toThrow('nobody there');
});

test('keys that the server takes for expired are replaced once, for all whom it told so', async () => {
  const clock = { now: 0 };
  const source = provider(clock);
  const keeper = createCredentialKeeper(source, () => clock.now);
  const first = keeper.load();
  await source.answer();
  const refused = await first;
  const replaced = [keeper.replace(refused), keeper.replace(refused)];
  await source.answer();
  expect([await Promise.all(replaced), await keeper.replace(refused), source.fetched]).toEqual([[true, true], true, 2]);
  const typedIn = createCredentialKeeper(refused);
  expect([typedIn.valid(), await typedIn.replace(refused)]).toEqual([refused, false]);
});
