import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function readJson<T>(name: string): Promise<T> {
  const content: T = JSON.parse(await readFile(join(root, name), 'utf8'));
  return content;
}

test('the lock file names each package by its sum, fetches none without TLS, and is that of package.json', async () => {
  const lock = await readJson<{ lockfileVersion: number; packages: Readonly<Record<string, Locked>> }>(
    'package-lock.json',
  );
  const manifest = await readJson<Locked>('package.json');
  const { '': own, ...packages } = lock.packages;
  expect(lock.lockfileVersion).toBe(3);
  expect([own?.dependencies, own?.devDependencies]).toEqual([manifest.dependencies, manifest.devDependencies]);

  const all = Object.entries(packages);
  const unsure = all.filter(([, { integrity, link }]) => link === true || integrity?.startsWith('sha512-') !== true);
  expect(unsure.map(([path]) => path)).toEqual([]);
  const elsewhere = all.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https:'));
  expect(elsewhere.map(([path]) => path)).toEqual([]);

  // Code that runs by being installed: each is known by name, and a new one is looked at before it is.
  const running = all.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(running.map(([path]) => path.replace(/^.*node_modules\//, '')).toSorted()).toEqual(['electron-winstaller']);
});
