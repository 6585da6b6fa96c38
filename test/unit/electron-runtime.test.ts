import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findElectron } from '../../electron/cli/electron-runtime.ts';

const root = resolve(import.meta.dirname, '../..');

test('without a display there is no window, and with one there is none as root: its sandbox stays on', async () => {
  if (process.platform !== 'linux') return;
  const packageFolder = join(root, 'node_modules/electron');
  expect(await findElectron(packageFolder, {})).toEqual({ reason: 'there is no display' });
  if (process.getuid?.() !== 0) return;
  expect(await findElectron(packageFolder, { DISPLAY: ':0' })).toEqual({
    reason: "Electron's sandbox does not run as root",
  });
});

test("nothing that ships, starts or packs Dipper switches Chromium's sandbox off", () => {
  const sources = ['electron', 'build', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|mjs|yml|plist)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const switching = [...sources, join(root, 'electron-builder.yml'), join(root, 'package.json')].filter((file) =>
    /no-sandbox|disable-setuid-sandbox/.test(readFileSync(file, 'utf8')),
  );
  // Those that make pictures with Chromium, of this project's own page.
  expect(switching.map((file) => file.slice(root.length + 1)).toSorted()).toEqual([
    'scripts/icons.mjs',
    'scripts/screenshots/main.mjs',
  ]);
});
