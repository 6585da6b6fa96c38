import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openProgram, projectFolder, type OpenDipper } from './support/shells.ts';

const electron = process.env['DIPPER_TEST_ELECTRON'];
const shipped = join(projectFolder, 'release/linux-unpacked');
const testPackage = join(projectFolder, 'release/test/linux-unpacked');

/** The bytes of a fuse in the binary: ASCII "1" and "0". */
const STATES = new Map([
  [0x31, 'on'],
  [0x30, 'off'],
]);

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

describe.skipIf(electron === undefined)('a packaged Dipper', () => {
  beforeAll(async () => {
    await pack('--dir');
    await pack('--dir', '--test-fuse');
  });

  test('opens on the records of its sandbox, with the processes and files of the package alone', async () => {
    dipper = await openProgram(join(testPackage, 'dipper'), [], { firstStart: true });
    const { page, dataFolder } = dipper;
    await page.getByRole('treeitem', { name: /^movies/ }).click();
    await page
      .getByRole('status')
      .filter({ hasText: /^3,201 of 3,201.*synced/ })
      .waitFor();
    await page.getByRole('grid').getByRole('row').nth(1).waitFor();
    expect(page.url()).toMatch(/^app:/);
    // The index was written by DuckDB's library, which stands outside of the archive.
    expect(await readdir(join(dataFolder, 'indexes'))).not.toEqual([]);
  });

  test('ships with the fuses that keep others out, and the package for tests differs in the debugger alone', async () => {
    const wire = await fusesOf(shipped);
    expect(wire).toEqual({
      RunAsNode: 'off',
      EnableCookieEncryption: 'on',
      EnableNodeOptionsEnvironmentVariable: 'off',
      EnableNodeCliInspectArguments: 'off',
      EnableEmbeddedAsarIntegrityValidation: 'on',
      OnlyLoadAppFromAsar: 'on',
      LoadBrowserProcessSpecificV8Snapshot: 'off',
      GrantFileProtocolExtraPrivileges: 'off',
    });
    expect(await fusesOf(testPackage)).toEqual({ ...wire, EnableNodeCliInspectArguments: 'on' });
  });

  test('holds what runs and nothing else', async () => {
    const archive = join(shipped, 'resources/app.asar');
    const files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
    expect(files).toEqual(
      expect.arrayContaining([
        '/LICENSE',
        '/dist/node/licenses.md',
        '/dist/node/main.js',
        '/dist/renderer/index.html',
        '/dist/renderer/licences.json',
        '/dist/renderer/licenses.md',
        '/package.json',
      ]),
    );
    const packages = new Set(files.flatMap((file) => /^\/node_modules\/((?:@[^/]+\/)?[^/@]+)/.exec(file)?.[1] ?? []));
    expect([...packages].toSorted()).toEqual([
      '@duckdb/node-api',
      '@duckdb/node-bindings',
      `@duckdb/node-bindings-linux-${process.arch}`,
      'detect-libc',
    ]);
    expect(files.filter((file) => /\.map$|\.tsx?$|\/test\/|\/\.stamp/.test(file))).toEqual([]);
    // A path of the machine that built it would tell about the builder, and make every build another one.
    expect((await readFile(archive)).includes(projectFolder)).toBe(false);
    // The list of parts has what is in the About box.
    const { version } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8'));
    const parts = JSON.parse(await readFile(join(projectFolder, `release/dipper-${version}.cdx.json`), 'utf8'));
    const licences = JSON.parse(await readFile(join(projectFolder, 'dist/renderer/licences.json'), 'utf8'));
    expect(parts).toMatchObject({ bomFormat: 'CycloneDX', components: expect.any(Array) });
    expect(parts.components.map(({ name }: { name: string }) => name)).toEqual(
      licences.map(({ name }: { name: string }) => name),
    );
    expect(await readdir(join(shipped, 'resources'))).toEqual(['app.asar', 'app.asar.unpacked']);
    expect((await readdir(shipped)).filter((name) => name.includes(' '))).toEqual([]);
    expect((await stat(join(shipped, 'dipper'))).mode & 0o111).not.toBe(0);
  });
});

async function pack(...options: readonly string[]): Promise<void> {
  const packing = spawn(process.execPath, [join(projectFolder, 'scripts/package.mjs'), ...options], {
    cwd: projectFolder,
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(electron ?? '', '..') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = await once(packing, 'exit');
  expect(status, `npm run package -- ${options.join(' ')}`).toBe(0);
}

async function fusesOf(folder: string): Promise<Record<string, string>> {
  const wire: Readonly<Record<string, unknown>> = { ...(await getCurrentFuseWire(join(folder, 'dipper'))) };
  const fuses: Record<string, string> = {};
  for (const [place, state] of Object.entries(wire)) {
    const name = FuseV1Options[Number(place)];
    if (name !== undefined) fuses[name] = STATES.get(Number(state)) ?? `state ${String(state)}`;
  }
  return fuses;
}
