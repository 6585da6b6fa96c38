import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let home: string;
let dipper: OpenDipper | null = null;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dipper-home-'));
});

afterEach(async () => {
  await dipper?.close();
  await rm(home, { recursive: true, force: true });
  dipper = null;
});

describe.each(SHELLS.filter(({ available }) => available))('in $name', ({ name, open }) => {
  test('all movies go into a spreadsheet, some fields of two of them into JSON, and the bar says where', async () => {
    dipper = await open({ environment: { HOME: home, XDG_CONFIG_HOME: join(home, '.config') } });
    const { page, app } = dipper;
    const folder = name === 'browser' ? join(home, 'Downloads') : home;
    const file = join(folder, 'movies.csv');
    // The dialog of the system cannot be pressed by a test: it answers what a person would.
    const answer = (filePath: string): Promise<void> | undefined =>
      app?.evaluate(({ dialog, shell }, path) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
        shell.showItemInFolder = (shown) => {
          process.title = shown;
        };
      }, filePath);
    await answer(file);
    await page.getByRole('treeitem', { name: /^movies/ }).click();
    await page.getByRole('gridcell', { name: 'movie-0001', exact: true }).click();

    await page.getByRole('button', { name: 'Export all records of this answer' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export records' });
    await dialog.getByRole('radio', { name: 'CSV' }).click();
    if (name === 'browser') expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Export 3,201 records/ }).click();
    await dialog.waitFor({ state: 'detached' });
    const bar = page.getByRole('contentinfo', { name: 'Jobs' });
    await bar.getByText(/3,201 exported$/).waitFor();
    if (app === null) await bar.getByText(file, { exact: true }).waitFor();
    else {
      await bar.getByRole('button', { name: 'Show in folder' }).click();
      await expect.poll(() => app.evaluate(() => process.title)).toBe(file);
    }
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\r\n');
    expect([lines.length, lines[0]?.startsWith('id,title,genre,rating')]).toEqual([3_202, true]);

    await page.getByRole('gridcell', { name: 'movie-0003', exact: true }).click({ modifiers: ['Control'] });
    expect(await dragOut(dipper, '2 selected')).toEqual([
      'movies.ndjson',
      expect.stringMatching(/^\{"id":"movie-0001","title":"The Land Girls".*\n\{"id":"movie-0003".*\n$/),
    ]);
    await page.getByRole('gridcell', { name: 'movie-0003', exact: true }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Export the selected records' }).click();
    await dialog.getByRole('radio', { name: 'JSON', exact: true }).click();
    await dialog.getByRole('radio', { name: 'Choose' }).click();
    const fields = dialog.getByRole('group', { name: 'Fields that are exported' });
    for (const checkbox of await fields.getByRole('checkbox').all()) {
      if ((await checkbox.evaluate((box) => box.parentElement?.parentElement?.textContent)) !== 'title')
        await checkbox.click();
    }
    await answer(join(folder, 'movies.json'));
    await dialog.getByRole('button', { name: /^Export 2 records/ }).click();
    await bar.getByText(/2 exported$/).waitFor();
    await expect.poll(() => readdir(folder)).toContain('movies.json.manifest.json');
    expect(JSON.parse(await readFile(join(folder, 'movies.json'), 'utf8'))).toEqual([
      { id: 'movie-0001', title: 'The Land Girls' },
      { id: 'movie-0003', title: 'I Married a Strange Person' },
    ]);
  });

  test('the rows of a statement go into a spreadsheet as they stand on the screen, in the order of its column', async () => {
    dipper = await open({ environment: { HOME: home, XDG_CONFIG_HOME: join(home, '.config') } });
    const { page, app } = dipper;
    const file = join(name === 'browser' ? join(home, 'Downloads') : home, 'cars.csv');
    await app?.evaluate(({ dialog }, path) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
    }, file);
    await page.getByRole('treeitem', { name: /^cars/ }).click();
    await page.getByText('406 of 406').first().waitFor();
    const query = page.getByRole('region', { name: 'Query' });
    await query.getByRole('button', { name: 'SQL' }).click();
    await query.getByRole('textbox', { name: 'Statement in SQL' }).click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(
      `SELECT origin, count(*) AS cars, '=1+1' AS note, [1, 2] AS list FROM records GROUP BY ALL ORDER BY ALL`,
    );
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByText('3 rows', { exact: true }).waitFor();
    const grid = page.getByRole('grid', { name: 'Rows of the statement over cars' });
    const header = grid.getByRole('columnheader', { name: 'cars' });
    await header.click();
    await header.click();
    await grid
      .getByRole('row')
      .nth(1)
      .filter({ hasText: /USA\s*254/ })
      .waitFor();

    await page.getByRole('button', { name: 'Export all records of this answer' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export the rows of a statement' });
    await dialog.getByRole('radio', { name: 'CSV' }).click();
    // A file an object is none of rows, which are no objects.
    expect(await dialog.getByRole('radio', { name: 'Files' }).count()).toBe(0);
    if (name === 'browser') expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Export 3 rows/ }).click();
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByRole('contentinfo', { name: 'Jobs' })
      .getByText(/3 exported$/)
      .waitFor();
    expect(await readFile(file, 'utf8')).toBe(
      ['origin,cars,note,list', `USA,254,'=1+1,"[1,2]"`, `Japan,79,'=1+1,"[1,2]"`, `Europe,73,'=1+1,"[1,2]"`, ''].join(
        '\r\n',
      ),
    );
  });
});

/** Name and text of the file that a drag takes along: all but where the system then drops it. */
async function dragOut({ page, app }: OpenDipper, handle: string): Promise<readonly [string, string]> {
  await app?.evaluate(({ BrowserWindow }) => {
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      webContents.startDrag = ({ file }) => {
        process.title = file;
      };
    }
  });
  const grip = page.locator('[draggable="true"]').filter({ hasText: handle });
  await grip.hover();
  let carried: readonly string[] = [];
  // A drag that comes before the records are read is not begun.
  const drag = async (): Promise<string> => {
    carried = await grip.evaluate(startDrag);
    return app === null ? (carried[0] ?? '') : app.evaluate(() => process.title);
  };
  await expect.poll(drag).toContain('movies.ndjson');
  if (app !== null) {
    const file = await app.evaluate(() => process.title);
    return [basename(file), await readFile(file, 'utf8')];
  }
  const [address = '', text = ''] = carried;
  const [, name = ''] = /^application\/x-ndjson:([^:]+):blob:http:\/\/127\.0\.0\.1/.exec(address) ?? [];
  return [name, text];
}

/** In the page: what a drag from there carries. */
function startDrag(grip: Element): readonly string[] {
  const dataTransfer = new DataTransfer();
  grip.dispatchEvent(new DragEvent('dragstart', { dataTransfer, bubbles: true, cancelable: true }));
  return ['DownloadURL', 'text/plain'].map((type) => dataTransfer.getData(type));
}
