import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SHELLS, type OpenDipper } from './support/shells.ts';

const EDITED = 'edited before the crash';

describe.each(SHELLS.filter(({ available }) => available))('in $name', ({ name, open }) => {
  /** What only a window has, and what integration tests show of plain Node already. */
  const inElectron = (title: string, run: () => Promise<void>): void => {
    if (name === 'Electron') test(title, run);
  };
  let dipper: OpenDipper;

  beforeAll(async () => {
    dipper = await open();
    const { page } = dipper;
    await openCollection(page, 'cars');
    await openCollection(page, 'movies');
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByRole('combobox', { name: 'Field' }).fill('rating');
    await page.getByRole('option', { name: /^rating / }).click();
    const condition = page.getByRole('group', { name: 'rating condition' });
    await condition.getByRole('combobox', { name: 'Operator' }).click();
    await page.getByRole('option', { name: 'more than', exact: true }).click();
    await condition.getByRole('textbox', { name: 'Value' }).fill('8');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByRole('button', { name: 'Close the builder' }).click();
    await page.getByText(/^\d{3} of 3,201$/).waitFor();
    await page.getByRole('row').nth(1).dblclick();
    await page
      .getByRole('complementary')
      .getByRole('treeitem', { name: /\btitle\b/ })
      .first()
      .dblclick();
    await page.getByRole('textbox', { name: 'Value of title' }).fill(EDITED);
    await page.keyboard.press('Enter');
    await expectWork(page);
  });
  afterAll(() => dipper.close());

  inElectron('after the index process was killed the rows come back, and the draft stays', async () => {
    const { page } = dipper;
    await openCollection(page, 'cars');
    await kill(await processOf(dipper, 'index'));
    await page.getByRole('grid').focus();
    await page.keyboard.press('ControlOrMeta+End');
    await page
      .getByRole('gridcell')
      .filter({ hasText: /^\d+ B$/ })
      .last()
      .waitFor();
    await page.getByText(/^406 of 406$/).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByRole('tab', { name: 'movies' }).click();
    await expectWork(page);
  });

  inElectron('after the sandbox was killed the next collection opens', async () => {
    const { page } = dipper;
    await kill(await processOf(dipper, 'sandbox'));
    await openCollection(page, 'penguins');
    await page.getByRole('tab', { name: 'movies' }).click();
    await expectWork(page);
  });

  test('a page that is loaded again shows the tabs, the query and the draft that were there', async () => {
    const { page } = dipper;
    await page.reload();
    await expectWork(page);
  });

  if (name === 'browser')
    test('a page that cannot be drawn says so, and is loaded again with what was there', async () => {
      const { page } = dipper;
      // An answer that the contract does not know: nothing that a person does leads there.
      await page.route('**/api/call', async (route) => {
        if (route.request().postData()?.includes('"jobs:list"') === true)
          await route.fulfill({ json: { ok: true, value: [null] } });
        else await route.continue();
      });
      await page.reload();
      const again = page.getByRole('alert').getByRole('button', { name: 'Load the page again' });
      await again.waitFor();
      await page.unroute('**/api/call');
      await again.click();
      await expectWork(page);
    });

  inElectron('after the GPU process was killed the window goes on being drawn', async () => {
    const { page } = dipper;
    const before = await processOf(dipper, 'GPU');
    await kill(before);
    await expect.poll(() => processOf(dipper, 'GPU')).not.toBe(before);
    await expectWork(page);
    // An empty window is a picture of some 5 kB; the first one may still be of the surface that was lost.
    await expect.poll(async () => (await page.screenshot()).byteLength).toBeGreaterThan(20_000);
  });

  test('after main was killed the next start shows them too', async () => {
    const { dataFolder, processId } = dipper;
    // What was done last reaches the disk within a second; the record was opened behind all else.
    await expect.poll(() => shownOnDisk(dataFolder)).toEqual(['sample-movies', expect.any(String)]);
    await kill(processId);
    await dipper.close({ keepData: true });
    dipper = await open({ dataFolder });
    await expectWork(dipper.page);
  });

  inElectron('after the page was killed it is back with them, and says so', async () => {
    // All in main: what is asked of a page while it dies is never answered.
    await dipper.app?.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window === undefined) throw new Error('there is no window');
      const loaded = new Promise<void>((resolve) => {
        window.webContents.once('did-finish-load', () => resolve());
      });
      process.kill(window.webContents.getOSProcessId(), 'SIGKILL');
      await loaded;
    });
    const said =
      'The page ended (it was ended from outside) and was loaded again. Tabs, queries and drafts are as they were.';
    await expect.poll(() => textOf(dipper)).toContain(said);
    await expect.poll(() => textOf(dipper)).toMatch(/\d{3} of 3,201/);
    await expect.poll(() => textOf(dipper)).toContain(EDITED);
  });

  inElectron('a page that keeps ending is not loaded for ever: a person decides', async () => {
    const asked = await dipper.app?.evaluate(async ({ BrowserWindow, dialog }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window === undefined) throw new Error('there is no window');
      const crash = (): void => window.webContents.forcefullyCrashRenderer();
      return new Promise<readonly unknown[]>((resolve) => {
        Object.assign(dialog, {
          showMessageBox: (_window: unknown, { message, buttons }: { message: string; buttons: readonly string[] }) => {
            window.webContents.removeListener('did-finish-load', crash);
            resolve([message, ...buttons]);
            return Promise.resolve({ response: 1 });
          },
        });
        window.webContents.on('did-finish-load', crash);
        crash();
      });
    });
    expect(asked).toEqual(['The page of Dipper keeps ending', 'Load It Again', 'Load It Without Tabs', 'Quit']);
    await expect.poll(() => textOf(dipper)).toContain('See a bucket as a table of records');
    expect(await textOf(dipper)).not.toContain('rating');
  });
});

/** Of the page. A page of Playwright's does not come back from a crash, a window of Electron's does. */
async function textOf({ app }: OpenDipper): Promise<string> {
  const text: unknown = await app?.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined || window.webContents.isLoading() || window.webContents.isCrashed()) return '';
    return window.webContents.executeJavaScript('document.body.innerText') as Promise<unknown>;
  });
  return String(text);
}

const windowsSchema = z.object({
  content: z.array(
    z.object({
      workspace: z.object({
        activeTab: z.string(),
        tabs: z.array(z.object({ id: z.string(), collection: z.string(), state: z.string() })),
      }),
    }),
  ),
});

const stateSchema = z.object({ record: z.string().nullable() });

/** The collection and the record that are shown, as the disk has them. */
async function shownOnDisk(dataFolder: string): Promise<readonly (string | null)[]> {
  const text = await readFile(join(dataFolder, 'workspaces.json'), 'utf8');
  const workspace = windowsSchema.parse(JSON.parse(text)).content[0]?.workspace;
  const tab = workspace?.tabs.find(({ id }) => id === workspace.activeTab);
  return tab === undefined ? [] : [tab.collection, stateSchema.parse(JSON.parse(tab.state)).record];
}

async function expectWork(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'movies', selected: true }).waitFor();
  await page.getByText(/^\d{3} of 3,201$/).waitFor();
  const tabs = await page.getByRole('tablist', { name: 'Open collections' }).getByRole('tab').allInnerTexts();
  expect(tabs.slice(0, 2)).toEqual(['movies', 'cars']);
  await page.getByRole('checkbox', { name: /^rating > 8/ }).waitFor();
  await page.getByRole('tree', { name: 'Fields' }).getByText(EDITED).waitFor();
}

async function openCollection(page: Page, name: string): Promise<void> {
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).click();
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /synced/ })
    .waitFor();
}

type Part = 'index' | 'sandbox' | 'GPU';

async function processOf({ app }: OpenDipper, part: Part): Promise<number> {
  const metrics = await app?.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ pid, type, name }) => ({ pid, is: name ?? type })),
  );
  const names = { index: 'Dipper Index', sandbox: 'Dipper Sandbox', GPU: 'GPU' };
  const found = metrics?.find(({ is }) => is === names[part]);
  if (found === undefined) throw new Error(`no process ${part} among ${JSON.stringify(metrics)}`);
  return found.pid;
}

async function kill(processId: number): Promise<void> {
  process.kill(processId, 'SIGKILL');
  await expect.poll(() => existsSync(`/proc/${processId}`)).toBe(false);
}
