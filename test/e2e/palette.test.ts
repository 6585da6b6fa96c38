import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { callAsPage } from './support/contract.ts';
import { expectFocus } from './support/focus.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;
let home: string | null = null;

afterEach(async () => {
  await dipper?.close();
  if (home !== null) await rm(home, { recursive: true, force: true });
  dipper = null;
  home = null;
});

const shells = SHELLS.filter(({ available }) => available);

describe.each(shells)('the command palette, in $name', ({ open }) => {
  test('opens a collection and runs a command by a few letters, says why others are off, and gives the focus back', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByRole('grid').waitFor();
    const [sandbox] = await callAsPage(page, 'connections:list', {});
    if (sandbox === undefined) throw new Error('there is no sandbox');
    await callAsPage(page, 'connections:save', { connection: { ...sandbox, readOnly: true } });
    const cell = page.getByRole('grid').getByRole('gridcell').first();
    await cell.click();

    await openPalette(page);
    await page.keyboard.type('#cars');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'cars', selected: true }).waitFor();
    const carsCell = page.getByRole('grid', { name: /cars/ }).getByRole('gridcell').first();
    await carsCell.click();

    const palette = await openPalette(page);
    expect(await optionsOf(palette, 1)).toEqual(['cars']);
    await page.keyboard.type('del');
    const off = palette.getByRole('option', {
      name: 'Delete the record, or the selected records The connection Sandbox is read-only',
    });
    await off.waitFor();
    expect(await off.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Enter');
    await palette.waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
    await expectFocus(page, carsCell);

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('log req');
    expect(await palette.getByRole('combobox').inputValue()).toBe('log req');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Request log' }).waitFor();

    await openPalette(page);
    expect(await optionsOf(palette, 2)).toEqual(['Show or hide the request log', 'cars']);
    await page.keyboard.type('nothing has this');
    await palette.getByText('No command and no collection has “nothing has this” in its name.').waitFor();
  });
});

describe.each(shells.filter(({ name }) => name === 'browser'))('with the keyboard alone, in $name', ({ open }) => {
  test('every command is reached and does what it says', async () => {
    // What is downloaded lies in its home folder.
    home = await mkdtemp(join(tmpdir(), 'dipper-home-'));
    dipper = await open({ environment: { HOME: home, XDG_CONFIG_HOME: join(home, '.config') } });
    const { page } = dipper;
    await page.getByRole('grid').waitFor();
    await page
      .getByText(/synced/)
      .first()
      .waitFor();
    const dialog = (name: string): Locator =>
      page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }));
    const inspector = page.getByRole('complementary', { name: /^Record/ });
    const requests = page.getByRole('region', { name: 'Request log' });
    const said = (text: RegExp): Locator => page.getByRole('status').filter({ hasText: text });
    const gone = { state: 'detached' } as const;
    const closed = async (opened: Locator): Promise<void> => {
      await opened.waitFor();
      await opened.and(page.locator(':focus-within')).waitFor();
      await page.keyboard.press('Escape');
      await opened.waitFor(gone);
    };
    const asks = (channel: string, detail: string): Promise<unknown> =>
      page.waitForRequest((request) => {
        const body = request.postData() ?? '';
        return body.includes(`"channel":"${channel}"`) && body.includes(detail);
      });

    /** What is seen of each, in an order in which each has something to act on. */
    const walk: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['New tab', () => page.getByRole('heading', { name: 'See a bucket as a table of records' }).waitFor()],
      ['Close the tab', () => page.getByRole('grid').getByRole('gridcell').first().waitFor()],
      ['Open a bucket or prefix', () => closed(dialog('Open a bucket or prefix'))],
      ['New connection', () => closed(dialog('New connection'))],
      ['Edit the connection', () => closed(dialog('Edit connection'))],
      ['Remove the connection', () => closed(dialog('Remove connection'))],
      ['Manage connections', () => closed(dialog('Connections'))],
      ['Import connections', () => closed(dialog('Import connections'))],
      ['Export connections', () => said(/saved as|to export/i).waitFor()],
      ['Stop the Sandbox', () => said(/The Sandbox is stopped/).waitFor()],
      ['Start the Sandbox', () => said(/The Sandbox runs/).waitFor()],
      ['Start a LocalStack', () => closed(dialog('Start a LocalStack'))],
      ['Settings', () => closed(dialog('Settings'))],
      ['New record', () => closed(dialog('New record'))],
      ['Import its rows as a collection', () => closed(dialog('Import as a collection'))],
      ['Open the record', () => inspector.getByRole('tree', { name: 'Fields' }).waitFor()],
      ['Show or hide the record beside the grid', () => inspector.waitFor(gone)],
      ['Duplicate the record', () => closed(dialog('Duplicate record'))],
      ['Copy the cell, or the selected records as a table', () => said(/copied/i).waitFor()],
      ['Copy as a table', () => said(/as a table|Nothing was copied/).waitFor()],
      ['Copy as JSON', () => said(/as JSON|Nothing was copied/).waitFor()],
      ['Download the object of the record', () => said(/ saved as /).waitFor()],
      ['Export the selected records', () => closed(dialog('Export records'))],
      ['Export all records of this answer', () => closed(dialog('Export records'))],
      ['Change the selected records', () => closed(dialog('Change records'))],
      ['Change the storage class of the selected records', () => closed(dialog('Change the storage class'))],
      ['Restore the selected records from the archive', () => closed(dialog('Restore from the archive'))],
      ['Copy or move the selected records to another collection', () => closed(dialog('Copy or move records'))],
      ['Delete the record, or the selected records', () => closed(dialog('Delete record'))],
      ['Change all records of this answer', () => closed(dialog('Change records'))],
      ['Change the storage class of all records of this answer', () => closed(dialog('Change the storage class'))],
      ['Restore all records of this answer from the archive', () => closed(dialog('Restore from the archive'))],
      ['Copy or move all records of this answer to another collection', () => closed(dialog('Copy or move records'))],
      ['Show on another connection, or copy records there', () => closed(dialog('Show on another connection'))],
      ['Compare with another collection, and promote what differs', () => closed(dialog('Compare and promote'))],
      ['Bring back deleted records', () => closed(dialog('Undelete records'))],
      ['Delete all records of this answer', () => closed(dialog('Delete records'))],
      ['Ask in SQL, or with conditions again', () => page.getByRole('textbox', { name: 'Statement in SQL' }).waitFor()],
      ['Edit the query', () => expectFocus(page, page.getByRole('combobox', { name: 'Field' }))],
      [
        'Edit or paste the query as text',
        async () => {
          await expectFocus(page, page.getByRole('textbox', { name: 'Query as text' }));
          await page.keyboard.type('title exists');
        },
      ],
      ['Find a word in every field', () => expectFocus(page, page.getByRole('textbox', { name: 'Find a word in' }))],
      ['Save the query under a name', () => closed(dialog('Save the query'))],
      ['Saved queries', () => closed(dialog('Queries'))],
      ['Queries that ran', () => closed(dialog('Queries'))],
      ['Copy the query as text', () => said(/The query is copied|The clipboard refused/).waitFor()],
      ['Copy the query as code: Python, AWS CLI, SQL', () => closed(dialog('Copy the query as'))],
      ['Import a file or folder', () => closed(dialog('Import into movies'))],
      ['Edit the collection', () => closed(dialog('Collection settings'))],
      ['Forget what is on this machine', () => closed(dialog('Forget what is on this machine'))],
      ['Remove from the sidebar', () => closed(dialog('Remove collection'))],
      ['Show or hide the inspector', () => inspector.waitFor()],
      ['Show or hide the profile of the fields', () => page.getByRole('complementary', { name: 'Profile' }).waitFor()],
      ['Show or hide the jobs', () => page.getByRole('region', { name: 'Jobs' }).waitFor()],
      ['Show or hide the request log', () => requests.waitFor()],
      ['Light theme', () => page.locator('html[data-theme="light"]').waitFor()],
      ['Dark theme', () => page.locator('html[data-theme="dark"]').waitFor()],
      ['Theme of the system', () => page.locator('html:not([data-theme])').waitFor()],
      ['Shortcuts', () => closed(dialog('Shortcuts'))],
      ['Diagnostics for a report of a bug', () => closed(dialog('Diagnostics for a report of a bug'))],
      ['About Dipper, and the licences of what is in it', () => closed(dialog('About Dipper'))],
    ];
    const requesting: Readonly<Record<string, readonly [string, string]>> = {
      'Run the query': ['query:open', '"freshness":"first-rows"'],
      'Refresh: list the bucket again': ['query:open', '"freshness":"forced"'],
      'Rebuild the index: read every record again': ['jobs:start', '"rebuild":true'],
    };
    /** Of the Sandbox, which the samples are on. */
    const unavailable: Readonly<Record<string, string>> = {
      'Duplicate the connection': 'There is one Sandbox: it is not duplicated',
      'Export the connection': 'There is one Sandbox: it is not exported',
      'Sign in to the profile of the connection': 'This connection uses no profile that somebody signs in to',
    };

    const palette = await openPalette(page);
    await page.keyboard.type('>');
    // There is something to stop only while something is read, and conditions to copy once they are drawn.
    await expect
      .poll(async () => (await optionsOf(palette, 100)).filter((name) => name !== 'Stop reading').toSorted())
      .toEqual([...walk.map(([name]) => name), ...Object.keys(requesting), ...Object.keys(unavailable)].toSorted());
    for (const [name, reason] of Object.entries(unavailable))
      await palette.getByRole('option', { name, disabled: true }).getByText(reason).waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor(gone);

    for (const [name, seen] of walk) {
      await run(page, name);
      await seen();
    }
    for (const [name, call] of Object.entries(requesting)) {
      const asked = asks(...call);
      await run(page, name);
      await asked;
    }
  });

  test('the menu of the title bar has the same commands, with their keys in a browser', async () => {
    dipper = await open();
    const { page } = dipper;
    await page.getByRole('grid').waitFor();
    await page.getByRole('button', { name: 'Menu' }).focus();
    await page.keyboard.press('Enter');
    const record = page.getByRole('menuitem', { name: 'Record' });
    await expectFocus(page, page.getByRole('menuitem', { name: 'File' }));
    await page.keyboard.press('ArrowDown');
    await expectFocus(page, record);
    await page.keyboard.press('ArrowRight');
    const first = page.getByRole('menuitem', { name: /^New record/ });
    await expectFocus(page, first);
    expect(await first.innerText()).toMatch(/Alt\+N/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'New record' }).waitFor();
  });
});

async function openPalette(page: Page): Promise<Locator> {
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await palette.waitFor();
  await expectFocus(page, palette.getByRole('combobox'));
  return palette;
}

async function run(page: Page, name: string): Promise<void> {
  const palette = await openPalette(page);
  // At once: key by key the list is drawn anew for each.
  await page.keyboard.insertText(`>${name}`);
  await palette.getByRole('option', { selected: true }).filter({ hasText: name }).waitFor();
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'detached' });
}

/** Names of the first so many, without reasons and keys. */
async function optionsOf(palette: Locator, count: number): Promise<readonly string[]> {
  const names = await palette
    .getByRole('option')
    .evaluateAll((options) => options.map((option) => option.querySelector('span:not(:empty)')?.textContent ?? ''));
  return names.slice(0, count);
}
