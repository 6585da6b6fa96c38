import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDiskStorage } from '../../../electron/sandbox/storage/disk-storage.ts';
import type { SandboxStorage } from '../../../electron/sandbox/storage/storage.ts';

/** Written by the sandbox of Dipper 0.1, which knew neither versions nor any sum but CRC32. */
const OLDER = resolve(import.meta.dirname, '../../fixtures/sandbox-1');

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dipper-older-sandbox-'));
  cpSync(OLDER, directory, { recursive: true });
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function seen(storage: SandboxStorage): Promise<Record<string, unknown>> {
  const bucket = storage.bucket('records');
  const found: Record<string, unknown> = { versioning: bucket?.versioning };
  for (const { key } of bucket?.index.from(() => false) ?? []) {
    const opened = await bucket?.open(key);
    if (opened === undefined || opened === null) continue;
    const content = opened.read(0, opened.entry.size);
    if (!(content instanceof Uint8Array)) throw new Error('a small body is inline');
    const { storageClass, etag } = opened.entry;
    found[key] = { text: Buffer.from(content).toString(), storageClass, etag, ...opened.facts };
    await opened.close();
  }
  return found;
}

it.each(['with its index', 'without'])('a folder of Dipper 0.1 opens as it was, %s', async (how) => {
  if (how === 'without') rmSync(join(directory, 'index'));
  const kept = {
    headers: { 'content-type': 'application/json' },
    tags: [{ key: 'a', value: 'b' }],
    encryption: { algorithm: 'AES256', keyId: null, bucketKey: false },
    storageClass: 'STANDARD',
    checksum: null,
  };
  const expected = {
    versioning: 'off',
    cold: {
      ...kept,
      text: '{"cold": true}',
      etag: '66b0c5da6b8e0385c1069ed0786ee9e1',
      storageClass: 'GLACIER',
      metadata: { note: 'cold' },
    },
    summed: {
      ...kept,
      text: '123456789',
      etag: '25f9e794323b453885f5181f1b624d0b',
      metadata: { note: 'summed' },
      checksum: { algorithm: 'CRC32', type: 'FULL_OBJECT', value: 'y/Q5Jg==' },
    },
    unsummed: { ...kept, text: '{}', etag: '99914b932bd37a50b983c5e7c90ae93b', metadata: { note: 'unsummed' } },
  };
  const opened = await openDiskStorage({ directory });
  expect(await seen(opened)).toEqual(expected);
  await opened.bucket('records')?.setVersioning('enabled');
  await opened.bucket('records')?.delete('cold', () => undefined);
  await opened.close();
  // And as this version writes it.
  const again = await openDiskStorage({ directory });
  expect(await seen(again)).toEqual({ versioning: 'enabled', summed: expected.summed, unsummed: expected.unsummed });
  expect((await again.bucket('records')?.open('cold', 'null'))?.entry.storageClass).toBe('GLACIER');
  await again.close();
});
