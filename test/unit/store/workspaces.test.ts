import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkspaces, type Workspaces } from '../../../electron/store/workspaces.ts';
import type { KeptWorkspace } from '../../../shared/workspace.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-workspaces-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function open(): Promise<Workspaces> {
  return openWorkspaces(folder, [], (collection) => collection === 'private');
}

function showing(...collections: readonly string[]): KeptWorkspace {
  const tabs = collections.map((collection) => ({ id: `tab-${collection}`, collection, state: `"of ${collection}"` }));
  return { tabs, activeTab: tabs[0]?.id ?? null, panels: '{}' };
}

function statesIn(workspace: KeptWorkspace | null): unknown {
  return workspace?.tabs.map(({ collection, state }) => [collection, state]);
}

test('a window that loads again shows its own tabs, a new one after a restart those of the last', async () => {
  const before = await open();
  expect(before.read('first')).toBeNull();
  await before.save('first', showing('movies'));
  await before.save('second', showing('cars', 'movies'));
  expect([before.read('first'), before.read('second')]).toEqual([showing('movies'), showing('cars', 'movies')]);
  await before.flush();
  const after = await open();
  expect([after.read('first'), after.read('new')]).toEqual([showing('movies'), showing('cars', 'movies')]);
});

test('of a collection in memory only the disk has no more than that its tab is open', async () => {
  const before = await open();
  await before.save('first', showing('private', 'movies'));
  await before.flush();
  expect(await readFile(join(folder, 'workspaces.json'), 'utf8')).not.toContain('of private');
  expect(before.read('first')).toEqual(showing('private', 'movies'));
  expect(statesIn((await open()).read('first'))).toEqual([
    ['private', null],
    ['movies', '"of movies"'],
  ]);
});

test('the tabs of a removed collection are gone, those of a forgotten one empty, in every window', async () => {
  const before = await open();
  await before.save('first', showing('movies', 'cars', 'airports'));
  await before.save('second', showing('cars'));
  await before.removeCollection('movies');
  await before.forgetCollection('cars');
  const after = await open();
  expect([statesIn(after.read('first')), statesIn(after.read('second'))]).toEqual([
    [
      ['cars', null],
      ['airports', '"of airports"'],
    ],
    [['cars', null]],
  ]);
});

test('what is on its way to the disk when Dipper closes is there at the next start', async () => {
  const before = await open();
  await before.save('first', showing('movies', 'cars'));
  const removing = before.removeCollection('movies');
  await before.flush();
  expect(statesIn((await open()).read('first'))).toEqual([['cars', '"of cars"']]);
  await removing;
});
