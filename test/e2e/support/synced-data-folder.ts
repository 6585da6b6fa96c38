import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly syncedDataFolder: string;
  }
}

/** What most tests look at; the rest is synced when it is opened. */
const COLLECTIONS = ['movies', 'penguins'];

const command = resolve(import.meta.dirname, '../../../dist/node/cli.js');

/**
 * Makes once, for the whole run, a data folder whose sample collections are synced; tests open copies of it. A first start
 * writes 7,000 records and reads 3,201 of them, which is most of the time of a test that looks at something else.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-e2e-synced-'));
  const collections = await call(folder, 'collections:list', {});
  for (const name of COLLECTIONS) {
    const collection = collections.find((one) => one.name === name);
    if (collection === undefined) throw new Error(`a new data folder has no collection ${name}`);
    await call(folder, 'query:open', { collection: collection.id, query: '{}', freshness: 'complete' });
  }
  project.provide('syncedDataFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}

async function call(
  folder: string,
  channel: string,
  args: Readonly<Record<string, string>>,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    command,
    'call',
    channel,
    JSON.stringify(args),
    '--data-dir',
    folder,
  ]);
  return JSON.parse(stdout).value;
}
