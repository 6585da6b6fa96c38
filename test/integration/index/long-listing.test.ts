import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIndexes } from '../../../electron/engine/index/create-indexes.ts';
import type { CallMessage, CompareListing } from '../../../electron/engine/index/protocol.ts';
import type { S3Client, UnorderedPage } from '../../../electron/engine/s3/s3-client.ts';
import { type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;
let folder: string;
beforeAll(async () => {
  world = await startIndexWorld();
  folder = await mkdtemp(join(tmpdir(), 'dipper-listing-'));
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A listing that is always faster than the index, as no server can be made to be. */
function listing(pages: number, onPage: () => void): S3Client['listAllObjectsAtOnce'] {
  return async function* (_, { prefix = '' }): AsyncGenerator<UnorderedPage, void, undefined> {
    for (let page = 0; page < pages; page += 1) {
      const objects = Array.from({ length: 1_000 }, (__, row) => ({
        key: `${prefix}${String(page * 1_000 + row).padStart(6, '0')}.json`,
        etag: '"00000000000000000000000000000000"',
        size: 300,
        lastModified: 0,
        storageClass: 'STANDARD',
      }));
      onPage();
      yield { objects, mayRepeat: false, startsAgain: false };
    }
  };
}

test('a listing faster than the index goes to it in messages that do not hold up main, and is not gathered without end', async () => {
  const compared: number[] = [];
  let listed = 0;
  let most = 0;
  const sent = (): number => compared.reduce((sum, keys) => sum + keys, 0);
  const onPage = (): void => {
    listed += 1_000;
    most = Math.max(most, listed - sent());
  };
  const indexes = createIndexes({
    folder,
    mostBytes: () => Infinity,
    spawn: () => {
      const child = world.spawner.spawn();
      return {
        ...child,
        send: (message) => {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- main sends nothing else
          const { method, args } = message as CallMessage;
          if (method === 'compareListing') {
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the method says which arguments these are
            compared.push((args as CompareListing).listing.keys.length);
          }
          child.send(message);
        },
      };
    },
    isKept: () => true,
    events: { progress: () => undefined, changed: () => undefined },
  });
  try {
    // Larger than the cap, so that no body is asked for.
    const client = { ...world.client, listAllObjectsAtOnce: listing(30, onPage) };
    const source = world.source('long', { client, indexSizeCap: 100 });
    await indexes.sync(source, () => undefined, new AbortController().signal);
    expect(await indexes.known('long')).toMatchObject({ records: 30_000 });
  } finally {
    await indexes.dispose();
  }
  expect([listed, sent()]).toEqual([30_000, 30_000]);
  // A message of 5,000 keys takes main about 2.5 ms to pack and send.
  expect(Math.max(...compared)).toBeLessThanOrEqual(5_000);
  // Listing waits for the index beyond 20,000 and a page.
  expect(most).toBeLessThanOrEqual(21_000);
});
