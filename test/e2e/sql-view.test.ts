import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

const browser = SHELLS.filter(({ name }) => name === 'browser');

describe.each(browser)('the SQL view in $name', ({ open }) => {
  test('runs what S3 Select was asked, marks what is wrong, stops what takes too long, and opens a record of a row', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByRole('treeitem', { name: /^cars/ }).click();
    await page.getByText('406 of 406').first().waitFor();
    const query = page.getByRole('region', { name: 'Query' });
    await query.getByRole('button', { name: 'SQL' }).click();
    const editor = query.getByRole('textbox', { name: 'Statement in SQL' });
    await page.getByRole('heading', { name: 'Ask cars in SQL' }).waitFor();

    await write(page, editor, "SELECT * FROM S3Object WHERE origin = 'Europe'");
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByText('73 rows').waitFor();
    const grid = page.getByRole('grid', { name: 'Rows of the statement over cars' });
    const headers = await grid.getByRole('columnheader').allInnerTexts();
    expect(headers.slice(0, 3)).toEqual(['id', 'key', 'size']);
    expect(await inBothThemes(page)).toEqual([]);

    await grid.getByRole('gridcell').first().click();
    await page.keyboard.press('Enter');
    await page
      .getByRole('complementary', { name: /^Record/ })
      .getByRole('tree', { name: 'Fields' })
      .waitFor();

    await write(page, editor, 'SELECT orign\nFROM records');
    await page.keyboard.press('ControlOrMeta+Enter');
    await query
      .getByRole('alert')
      .filter({ hasText: 'Line 1, column 8: Referenced column "orign" not found' })
      .waitFor();
    expect(await editor.getAttribute('aria-invalid')).toBe('true');
    expect(await editor.locator('.cm-lintRange-error').innerText()).toBe('orign');
    expect(await inBothThemes(page)).toEqual([]);

    await write(page, editor, "COPY records TO '/tmp/cars.csv'");
    await query.getByRole('button', { name: /^Run/ }).click();
    await query.getByRole('alert').filter({ hasText: 'Only a SELECT can be run here' }).waitFor();

    await write(page, editor, 'SELECT count(*) FROM range(100000000000)');
    await page.keyboard.press('ControlOrMeta+Enter');
    await query.getByRole('button', { name: /^Stop/ }).waitFor();
    await editor.press('Escape');
    await query.getByRole('button', { name: /^Run/ }).waitFor();

    await write(page, editor, 'SELECT origin, count(*) AS cars FROM records GROUP BY ALL ORDER BY ALL');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByText('3 rows', { exact: true }).waitFor();
    const firstRow = grid.getByRole('row').nth(1);
    expect(await firstRow.innerText()).toMatch(/Europe\s+73/);

    // A header sorts the answer, and the same statement that is run again stays sorted.
    const header = grid.getByRole('columnheader', { name: 'cars' });
    await header.click();
    await header.click();
    await firstRow.filter({ hasText: /USA\s*254/ }).waitFor();
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    await page
      .getByRole('tree', { name: 'Connections' })
      .getByRole('treeitem', { name: /^penguins/ })
      .focus();
    const again = page.waitForRequest((request) => request.postData()?.includes('"channel":"sql:sort"') === true);
    await page.keyboard.press('ControlOrMeta+Enter');
    await again;
    await firstRow.filter({ hasText: /USA\s*254/ }).waitFor();
    await header.click();
    await firstRow.filter({ hasText: /Europe\s*73/ }).waitFor();
  });

  test('completes names of columns, and keeps the statement and both answers', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByRole('treeitem', { name: /^cars/ }).click();
    await page.getByText('406 of 406').first().waitFor();
    await page.keyboard.press('Alt+S');
    const editor = page.getByRole('textbox', { name: 'Statement in SQL' });
    await editor.and(page.locator(':focus')).waitFor();
    await write(page, editor, 'SELECT horse');
    // By mouse: the editor takes no Enter that comes right after the list, as somebody's who types on.
    await page.getByRole('option', { name: /^horsepower/ }).click();
    await page.keyboard.insertText(' FROM records LIMIT 7');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByText('7 rows').waitFor();

    await page.getByRole('button', { name: 'Conditions' }).click();
    await page.getByText('406 of 406').first().waitFor();
    await page.keyboard.press('Alt+S');
    await page.getByText('7 rows').waitFor();

    await page.reload();
    expect(await editor.innerText()).toBe('SELECT horsepower FROM records LIMIT 7');
  });
});

async function write(page: Page, editor: Locator, statement: string): Promise<void> {
  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  // Lines alone: what a bracket brings with it while one types is not what is tested.
  await page.keyboard.insertText(statement);
}

async function inBothThemes(page: Page): Promise<readonly string[]> {
  const light = await seriousFindings(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await seriousFindings(page, { rule: 'color-contrast' });
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((finding) => `dark: ${finding}`)];
}
