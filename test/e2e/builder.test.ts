import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { addCollection, callAsPage } from './support/contract.ts';
import { fastSandboxClient } from './support/sandbox-client.ts';
import { ONE_SHELL, SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

const browser = SHELLS.filter(({ name }) => name === 'browser');

describe.each(browser)('the query builder in $name', ({ open }) => {
  test('a pasted list keeps the kinds of its values, is edited as chips and as lines, and is what is asked', async () => {
    dipper = await open();
    const { page, dataFolder } = dipper;
    await page.getByRole('grid').waitFor();
    const s3 = await fastSandboxClient(dataFolder);
    const codes = ['8', '"8"', 'true', '"a, b"', '9007199254740993', '2.50', 'null'];
    for (const [place, code] of codes.entries()) {
      await s3.putObject('samples', `mixed/${place}.json`, Buffer.from(`{"code": ${code}, "n": ${place}}`), {});
    }
    await s3.close();
    const [sandbox] = await callAsPage(page, 'connections:list', {});
    await addCollection(page, { connectionId: sandbox?.id ?? '', name: 'mixed', bucket: 'samples', prefix: 'mixed/' });
    await page.getByRole('treeitem', { name: /^mixed/ }).click();
    await found(page, '7 of 7');

    const query = await addCondition(page, 'code', 'is one of');
    const list = query.getByRole('group', { name: 'Values' });
    await paste(list.getByRole('textbox', { name: 'Add to values' }), '8, 9007199254740993, a, 8');
    await query.getByText('1 duplicate left out').waitFor();
    await list.getByRole('button', { name: /^Edit a/ }).click();
    await page.keyboard.type('"a, b"');
    await page.keyboard.press('Enter');
    expect(await chips(list)).toEqual(['8', '9,007,199,254,740,993', 'a, b']);
    await page.keyboard.press('Alt+ArrowLeft');
    await drag(page, list.getByRole('button', { name: /^Edit 8/ }), list.getByRole('button', { name: /^Edit 9/ }));
    expect(await chips(list)).toEqual(['a, b', '8', '9,007,199,254,740,993']);

    await query.getByRole('button', { name: 'Edit the values as lines' }).click();
    const lines = page.getByRole('textbox', { name: 'Values, one a line' });
    expect(await lines.inputValue()).toBe('a, b\n8\n9007199254740993');
    const many = Array.from({ length: 30 }, (_, n) => 100 + n);
    await lines.fill(`[${['"8"', 'true', ...many].join(', ')}]`);
    await page.getByText('32 values: 1 text, 1 true or false, 30 numbers').waitFor();
    await page.getByRole('button', { name: 'Use 32 values' }).click();
    await list.getByRole('button', { name: 'and 12 more' }).waitFor();
    await query.getByRole('button', { name: 'Run' }).click();
    await found(page, '2 of 7');
  });

  test('a pattern shows what it fits while it is typed, and where it is wrong', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByRole('treeitem', { name: /^cars/ }).click();
    await found(page, '406 of 406');

    const query = await addCondition(page, 'origin', 'like');
    const values = query.getByRole('list', { name: 'Values of origin' });
    await query.getByText('3 values of the first 400 records').waitFor();
    await query.getByRole('textbox', { name: 'Value' }).fill('%eur%');
    await query.getByText('73 of 406 records fit').waitFor();
    expect(
      await values
        .getByRole('listitem')
        .filter({ has: page.getByRole('img', { name: 'fits' }) })
        .allInnerTexts(),
    ).toEqual(['Europe']);

    await choose(page, query, 'Operator', 'matches');
    await query.getByRole('textbox', { name: 'Value' }).fill('^(eur');
    await query.getByText('a ( has no ) behind it (character 2)').waitFor();
    expect(await query.locator('mark').innerText()).toBe('(');
    await query.getByRole('textbox', { name: 'Value' }).fill('^eur|^USA$');
    await query.getByText('254 of 406 records fit').waitFor();
    await query.getByRole('checkbox', { name: 'any case' }).click();
    await query.getByText('327 of 406 records fit').waitFor();
    await query.getByRole('button', { name: 'Run' }).click();
    await found(page, '327 of 406');
  });

  test('Run stays in reach beside an inspector that floats over a narrow window', async () => {
    dipper = await open({ width: 1000, height: 700 });
    const { page } = dipper;
    await page.getByRole('treeitem', { name: /^cars/ }).click();
    await found(page, '406 of 406');
    await page.getByRole('row').nth(1).dblclick();
    await page.getByRole('complementary', { name: /^Record/ }).waitFor();
    await page.getByRole('button', { name: /^Run/ }).click({ timeout: 5_000 });
    await page.getByRole('button', { name: 'New record' }).click({ timeout: 5_000 });
    await page.getByRole('dialog', { name: 'New record' }).waitFor();
  });
});

describe.each(ONE_SHELL)('the JSON of a record in $name', ({ open }) => {
  test('comes with its editor when first shown, and a second save is said again', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByRole('treeitem', { name: /^cars/ }).click();
    await found(page, '406 of 406');
    await page.getByRole('row').nth(1).dblclick();
    const record = page.getByRole('complementary', { name: /^Record/ });
    await record.getByRole('tab', { name: 'JSON' }).click();
    const editor = record.getByRole('textbox', { name: 'Record as JSON' });
    const said = page.getByRole('contentinfo', { name: 'Jobs' }).getByText(/ saved$/);
    for (const value of ['1', '2']) {
      await editor.fill(`{"name": "edited", "value": ${value}}`);
      await page.keyboard.press('ControlOrMeta+s');
      // What was said before carries a mark; what is said now has none.
      await said.and(page.locator(':not([data-before])')).waitFor();
      await said.evaluate((element) => element.setAttribute('data-before', ''));
    }
  });
});

async function found(page: Page, words: string): Promise<void> {
  await page
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${words}`) })
    .first()
    .waitFor();
}

/** Opens the builder with a condition on `field`, and answers the builder. */
async function addCondition(page: Page, field: string, operator: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Add a condition' }).click();
  const query = page.getByRole('region', { name: 'Query', exact: true });
  await query.getByRole('combobox', { name: 'Field' }).fill(field);
  await page
    .getByRole('option', { name: new RegExp(`^${field}`) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await choose(page, query, 'Operator', operator);
  return query;
}

async function choose(page: Page, query: Locator, name: string, option: string): Promise<void> {
  await query.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

async function paste(into: Locator, text: string): Promise<void> {
  await into.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

async function chips(list: Locator): Promise<readonly string[]> {
  return list.getByRole('button', { name: /^Edit/ }).allInnerTexts();
}

/** Drags one thing onto the end of another one. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  if (start === null || end === null) throw new Error('nothing is drawn to drag');
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width * 0.25, end.y + end.height / 2, { steps: 6 });
  await page.mouse.up();
}
