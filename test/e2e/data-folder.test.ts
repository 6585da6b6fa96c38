import { chmod, cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHELLS, type OpenDipper } from './support/shells.ts';

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('a data folder of an older Dipper', ({ open }) => {
  let dipper: OpenDipper;

  beforeAll(async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'dipper-e2e-'));
    await cp(join(import.meta.dirname, '../fixtures/data-folder-1'), dataFolder, { recursive: true });
    await chmod(dataFolder, 0o700);
    dipper = await open({ dataFolder });
  });
  afterAll(() => dipper.close());

  test('opens with the widths of its columns, and says what was changed and where the files are', async () => {
    const { page } = dipper;
    const note = page.getByRole('status').filter({ hasText: 'The data folder was written by an older Dipper' });
    expect(await note.innerText()).toContain(join(dipper.dataFolder, 'backups', 'format-1-'));
    await note.getByRole('button', { name: 'Dismiss' }).click();
    await note.waitFor({ state: 'detached' });
    await page.getByRole('treeitem', { name: /^movies/ }).click();
    const title = await page.getByRole('columnheader', { name: 'title' }).boundingBox();
    expect(title?.width).toBe(321);
  });

  test('forgets a collection from its menu: what goes is said before, the tab closes, the entry stays', async () => {
    const { page } = dipper;
    const movies = page.getByRole('treeitem', { name: /^movies/ });
    await page
      .getByRole('status')
      .filter({ hasText: /synced/ })
      .waitFor();
    await movies.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Forget what is on this machine' }).click();
    const dialog = page.getByRole('alertdialog', { name: /Forget what is on this machine/ });
    await dialog.getByText('1 draft').waitFor();
    expect(await dialog.innerText()).toMatch(/the index, [\d.]+ MB: a copy of 3,201 records as plain text/);
    await dialog.getByRole('button', { name: 'Forget movies here' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('tab', { name: 'movies' }).count()).toBe(0);
    await expect.poll(() => movies.innerText()).not.toContain('3,201');
  });
});
