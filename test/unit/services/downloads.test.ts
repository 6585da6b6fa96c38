import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { safeFileName } from '../../../electron/engine/safe-file-name.ts';
import { createDownloads, lastPart } from '../../../electron/services/downloads.ts';
import { findDownloadsFolder } from '../../../electron/services/downloads-folder.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dipper-downloads-'));
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

test('what is downloaded takes the place of nothing, and leaves nothing where it failed', async () => {
  const folder = join(home, 'made', 'Downloads');
  const downloads = createDownloads(folder);
  const save = (text: string) => downloads.toNewFile('notes/film.json', (path) => writeFile(path, text));
  await Promise.all([save('one'), save('one')]);
  await save('three');
  expect((await readdir(folder)).toSorted()).toEqual(['film (2).json', 'film (3).json', 'film.json']);
  expect(await readFile(join(folder, 'film (3).json'), 'utf8')).toBe('three');
  const failing = downloads.toNewFile('notes/other.json', () => Promise.reject(new Error('the line broke')));
  await expect(failing).rejects.toThrow('the line broke');
  expect(await readdir(folder)).toHaveLength(3);
});

test('a folder that cannot be made is said', async () => {
  await writeFile(join(home, 'file'), '');
  const saving = createDownloads(join(home, 'file')).toNewFile('a.json', () => Promise.resolve());
  await expect(saving).rejects.toMatchObject({ error: { code: 'invalid-arguments' } });
});

test('a key becomes a name that every system takes, and that leads nowhere else', () => {
  const names = [
    'a/b.json',
    '..',
    'a/',
    '',
    '../../etc/passwd',
    'C:\\x.json',
    'nul.json',
    '.bashrc',
    'a\u0000b\u202ec',
    'x. ',
  ];
  expect(names.map((name) => safeFileName(lastPart(name)))).toEqual([
    'b.json',
    '__',
    'a',
    'record',
    'passwd',
    'C__x.json',
    '_nul.json',
    '_bashrc',
    'a_b_c',
    'x_',
  ]);
  const long = safeFileName(`${'ä'.repeat(500)}.json`);
  expect([Buffer.byteLength(long), long.endsWith('ä.json')]).toEqual([199, true]);
  expect(safeFileName('\uD800.json')).toBe('\uFFFD.json');
});

test.skipIf(process.platform === 'darwin' || process.platform === 'win32')(
  'the folder is the one that the desktop of this user has, else Downloads',
  async () => {
    expect(findDownloadsFolder({}, home)).toBe(join(home, 'Downloads'));
    await mkdir(join(home, '.config'));
    const settings = join(home, '.config', 'user-dirs.dirs');
    await writeFile(settings, '# of the desktop\nXDG_DOWNLOAD_DIR="$HOME/Téléchargements"\n');
    expect(findDownloadsFolder({}, home)).toBe(join(home, 'Téléchargements'));
    await writeFile(settings, 'XDG_DOWNLOAD_DIR="elsewhere"\n');
    expect(findDownloadsFolder({}, home)).toBe(join(home, 'Downloads'));
  },
);
