import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { addCollection, addConnection, callAsPage } from './support/contract.ts';
import { expectFocus, press, tabTo } from './support/focus.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { closedPort } from './support/servers.ts';
import { ONE_SHELL, SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

/** Parts of the page that are looked at alone where the rest was before. */
const DIALOG = '[role=dialog]';
const MENU = '[role=menu]';
const QUERY = 'section[aria-label=Query]';
const RECORD = 'aside';

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('axe', ({ open }) => {
  test('finds nothing serious in any state of the page, in light and in dark', async () => {
    dipper = await open();
    const { page } = dipper;
    const found: Record<string, readonly string[]> = {};
    const background = () => page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    const light = await background();
    const check = async (state: string, within?: string): Promise<void> => {
      const part = within === undefined ? {} : { within };
      const inLight = await seriousFindings(page, part);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await background()).not.toBe(light);
      // A dark page is the same page but for its colours.
      const inDark = await seriousFindings(page, { ...part, rule: 'color-contrast' });
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await background()).toBe(light);
      const serious = [...inLight, ...inDark.map((finding) => `dark: ${finding}`)];
      if (serious.length > 0) found[state] = serious;
    };

    await page.getByRole('grid').waitFor();
    await check('first start');
    await page.getByRole('button', { name: 'New tab' }).click();
    await page.getByRole('heading', { name: 'See a bucket as a table of records' }).waitFor();
    await check('the welcome page');

    await openCollection(page, 'cars');
    await check('a collection');

    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog', { name: 'Command palette' }).getByRole('option').first().waitFor();
    await check('the command palette', DIALOG);
    await page.keyboard.type('nothing is called this');
    await check('the command palette with nothing found', DIALOG);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('menuitem', { name: 'View' }).press('ArrowRight');
    await page.getByRole('menuitemcheckbox', { name: 'Dark theme' }).waitFor();
    await check('the menu of the title bar', MENU);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Shortcuts/ }).click();
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
    await check('the sheet of shortcuts', DIALOG);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('dialog', { name: 'Columns' }).waitFor();
    await check('the list of columns', DIALOG);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Columns' }).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Add a condition' }).click();
    await check('the builder with a condition to fill in', QUERY);
    const query = page.getByRole('region', { name: 'Query' });
    await query.getByRole('combobox', { name: 'Field' }).fill('horsepower');
    await page.getByRole('option', { name: /^horsepower number/ }).waitFor();
    await check('a list of fields', '[role=listbox]');
    await page.keyboard.press('Enter');
    await query.getByRole('textbox', { name: 'Value' }).fill('200');
    await page.keyboard.press('ControlOrMeta+Enter');
    await statusOf(page, /^(?!406)\d+ of 406/).waitFor();
    await check('the builder with an answer', QUERY);
    await choose(page, query, 'Operator', 'is one of');
    await query.getByRole('button', { name: /^Edit 200/ }).waitFor();
    await check('a list of values', QUERY);
    await query.getByRole('combobox', { name: 'Field' }).fill('origin');
    await page.getByRole('option', { name: /^origin/ }).waitFor();
    await page.keyboard.press('Enter');
    await choose(page, query, 'Operator', 'matches');
    await query.getByRole('textbox', { name: 'Value' }).fill('^(Eur');
    await query.getByText('a ( has no ) behind it').waitFor();
    await check('a pattern that is wrong', QUERY);
    await query.getByRole('textbox', { name: 'Value' }).fill('^Eur');
    await query.getByText('73 of 406 records fit').waitFor();
    await check('a pattern with what it fits', QUERY);
    await query.getByRole('radio', { name: 'Text', exact: true }).click();
    const text = query.getByRole('textbox', { name: 'Query as text' });
    await text.fill('origin = or');
    await query.getByText(/^Column \d+/).waitFor();
    await check('a query as text that is wrong', QUERY);
    await text.fill('origin = "Europe"');
    await query.getByRole('button', { name: 'Syntax' }).click();
    await page.getByRole('dialog', { name: 'Syntax of queries' }).waitFor();
    await check('the sheet of syntax', DIALOG);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('ControlOrMeta+Enter');
    for (const [command, name] of [
      ['Save the query under a name', 'Save the query'],
      ['Queries that ran', 'Queries'],
      ['Copy the query as code', 'Copy the query as'],
    ] as const) {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill(`>${command}`);
      await page.getByRole('option', { selected: true }).filter({ hasText: command }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name, exact: true }).waitFor();
      await check(`the dialog ${name}`, DIALOG);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await query.getByRole('button', { name: 'Close the builder' }).click();
    await check('a query as pills', QUERY);

    await page.getByRole('row').nth(1).dblclick();
    const inspector = page.getByRole('complementary', { name: /^Record/ });
    for (const part of ['Fields', 'JSON', 'Tags', 'Object']) {
      await inspector.getByRole('tab', { name: part }).click();
      await inspector.getByRole('tabpanel', { name: part }).waitFor();
      await check(`the inspector: ${part}`, RECORD);
    }
    await inspector.getByRole('tab', { name: 'Fields' }).click();
    await inspector.getByRole('treeitem', { name: /name/ }).dblclick();
    await page.keyboard.type('Edited');
    await check('the inspector with an edit', RECORD);

    await page.keyboard.press('Alt+n');
    await page.getByRole('dialog').waitFor();
    await check('a new record', DIALOG);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'New connection' }).click();
    await page.getByRole('dialog', { name: 'New connection' }).waitFor();
    await check('a new connection', DIALOG);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    const endpoint = `http://127.0.0.1:${await closedPort()}`;
    const server = { endpoint, region: 'us-east-1', accessKeyId: 'key', secretAccessKey: 'secret' };
    const { id } = await addConnection(page, 'Archive', server);
    await addCollection(page, { connectionId: id, name: 'unreachable', bucket: 'records' });
    await page.getByRole('treeitem', { name: /^unreachable/ }).click();
    await page.getByRole('heading', { name: 'Nobody listens where Archive should be' }).waitFor();
    await check('a failure');

    await page.getByRole('button', { name: 'Show in the request log' }).click();
    const log = page.getByRole('region', { name: 'Request log' });
    await log.getByRole('row', { name: /3 tries/ }).click();
    await log.getByRole('complementary', { name: /^Details/ }).waitFor();
    await check('the request log');

    expect(found).toEqual({});
  });
});

describe.each(ONE_SHELL)('with the keyboard alone, in $name', ({ open }) => {
  test('a collection is opened, queried and read, and a record changed and saved', async () => {
    dipper = await open();
    const { page } = dipper;
    const collections = page.getByRole('tree', { name: 'Connections' });
    await collections.getByRole('treeitem', { name: /^movies/ }).waitFor();
    await tabTo(page, collections.getByRole('treeitem', { name: /^movies/ }));
    await page.keyboard.press('ArrowDown');
    await expectFocus(page, collections.getByRole('treeitem', { name: /^cars/ }));
    await page.keyboard.press('Enter');
    await statusOf(page, /^406 of 406.*synced/).waitFor();

    await tabTo(page, page.getByRole('button', { name: 'Add a condition' }));
    await page.keyboard.press('Enter');
    const query = page.getByRole('region', { name: 'Query' });
    await expectFocus(page, query.getByRole('combobox', { name: 'Field' }));
    await page.keyboard.type('horsepower');
    await page.getByRole('option', { name: /^horsepower number/ }).waitFor();
    await page.keyboard.press('Enter');
    await tabTo(page, query.getByRole('combobox', { name: 'Operator' }));
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'more than' }).waitFor();
    await page.keyboard.type('more than');
    await page.keyboard.press('Enter');
    await tabTo(page, query.getByRole('textbox', { name: 'Value' }));
    await page.keyboard.type('200');
    await page.keyboard.press('ControlOrMeta+Enter');
    await statusOf(page, /^10 of 406/).waitFor();

    await page.keyboard.press('Escape');
    const rows = page.getByRole('grid').getByRole('row');
    await expectFocus(page, rows.nth(1).getByRole('gridcell').first());
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expectFocus(page, rows.nth(3).getByRole('gridcell').nth(1));
    const id = await rows.nth(3).getByRole('gridcell').first().innerText();
    await page.keyboard.press('Enter');

    const inspector = page.getByRole('complementary', { name: /^Record/ });
    const fields = inspector.getByRole('tree', { name: 'Fields' });
    await fields.waitFor();
    await tabTo(page, fields.getByRole('treeitem').first());
    await press(page, 'ArrowDown', fields.getByRole('treeitem', { name: /horsepower/ }));
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('201');
    await page.keyboard.press('ControlOrMeta+s');
    await statusOf(page, /\bsaved$/).waitFor();

    const collection = await collectionNamed(page, 'cars');
    const { fields: saved } = await callAsPage(page, 'record:read', { collection, address: { id } });
    expect(saved.find(({ name }) => name === 'horsepower')).toMatchObject({ text: '201' });
  });
});

async function choose(page: Page, within: Locator, name: string, option: string): Promise<void> {
  await within.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

async function openCollection(page: Page, name: string): Promise<void> {
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).click();
  await statusOf(page, /synced/).waitFor();
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
}

function statusOf(page: Page, text: RegExp): Locator {
  return page.getByRole('status').filter({ hasText: text });
}

async function collectionNamed(page: Page, name: string): Promise<string> {
  const collections = await callAsPage(page, 'collections:list', {});
  const found = collections.find((collection) => collection.name === name);
  if (found === undefined) throw new Error(`there is no collection ${name}`);
  return found.id;
}

/** Presses Tab until `wanted` has the focus; a focus that never comes there is a place that the keyboard cannot reach. */
