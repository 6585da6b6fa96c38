import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import type { Budget } from '../../shared/plan.ts';
import { addCollection, callAsPage } from './support/contract.ts';
import { fastSandboxClient } from './support/sandbox-client.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { runCommand } from './support/run-command.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

const browser = SHELLS.filter(({ name }) => name === 'browser');

describe.each(browser)('what a run costs, in $name', ({ open }) => {
  test('the plan line says what the next run takes, then what it took and what was saved', async () => {
    dipper = await open();
    const { page } = dipper;
    await found(page, '3,201 of 3,201');
    await planLine(page).getByText('3,205 requests saved').waitFor();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    const query = page.getByRole('region', { name: 'Query', exact: true });
    await query.getByRole('combobox', { name: 'Field' }).fill('rating');
    await page
      .getByRole('option', { name: /^rating/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await query.getByRole('textbox', { name: 'Value' }).fill('8');
    await planLine(page).getByText('next run: 0 requests').waitFor();
    await query.getByRole('button', { name: 'Run' }).click();
    await planLine(page).getByText('next run').waitFor({ state: 'detached' });
    await planLine(page).getByText('3,205 requests saved').waitFor();
    await planLine(page).locator('[title*="Download all: 4 LIST, 3,201 GET"]').waitFor();
  });

  test('a sync that somebody else asked for moves nothing in the line', async () => {
    dipper = await open();
    const { page } = dipper;
    await found(page, '3,201 of 3,201');
    await planLine(page).getByText('3,205 requests saved').waitFor();
    const words = await planLine(page).evaluateHandle((line) => {
      const seen: (string | null)[] = [];
      const look = (): number => seen.push(line.textContent);
      look();
      new MutationObserver(look).observe(line, { subtree: true, childList: true, characterData: true });
      return seen;
    });
    const [collection] = await callAsPage(page, 'collections:list', {});
    if (collection === undefined) throw new Error('There is no collection.');
    const { result, statistics } = await callAsPage(page, 'query:open', {
      collection: collection.id,
      query: '{}',
      freshness: 'forced',
    });
    await callAsPage(page, 'query:close', { result });
    expect(statistics.requests['ListObjectsV2']).toBeGreaterThan(0);
    // Behind what the page was told of that sync.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const seen = await words.evaluate((texts) => texts.map((text) => text?.replace(/synced .*? ago/, 'synced ago')));
    expect(new Set(seen).size).toBe(1);
  });

  test('a budget is set, a run beyond it asks, is given up, and is let run', async () => {
    dipper = await open();
    const { page, dataFolder } = dipper;
    await page.getByRole('grid').waitFor();
    await fill(dataFolder, 'notes', 12);
    await setBudget(page, '5');
    const [sandbox] = await callAsPage(page, 'connections:list', {});
    expect(sandbox?.budget).toEqual({ requests: 5, dollars: null } satisfies Budget);
    await addCollection(page, { connectionId: sandbox?.id ?? '', name: 'notes', bucket: 'samples', prefix: 'notes/' });
    await page.getByRole('treeitem', { name: /^notes/ }).click();

    const question = page.getByRole('alertdialog', { name: 'Beyond the budget' });
    await question.getByText('A run over Sandbox may take 5 requests unasked').waitFor();
    expect(await rows(question)).toEqual([
      'List keys at least 1 –',
      'Read records at least 8 –',
      'This runtime unknown at least 9 –',
    ]);
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await planLine(page).getByText('next run: at least 1 LIST, at least 8 GET, time unknown').waitFor();

    await page.getByRole('button', { name: 'Show what was read' }).click();
    await found(page, '4 of 4');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await question.getByRole('button', { name: /^Send at least \d+ requests$/ }).click();
    await found(page, '12 of 12');
    expect((await callAsPage(page, 'collections:list', {})).find(({ name }) => name === 'notes')?.records).toBe(12);

    await runCommand(page, 'Change all records of this answer');
    const change = page.getByRole('alertdialog', { name: 'Change records' });
    await change.getByText('A job over Sandbox may take 5 requests unasked').waitFor();
    await change.getByText(/This one takes 12 GET, 12 PUT, [\d.]+ k?B\.$/i).waitFor();
    await change.getByRole('button', { name: 'Cancel' }).click();
    await runCommand(page, 'Rebuild the index: read every record again');
    const rebuild = page.getByRole('alertdialog', { name: 'Rebuild the index' });
    await rebuild.getByText('A job over Sandbox may take 5 requests unasked').waitFor();
    expect((await rows(rebuild)).slice(0, 2)).toEqual(['List keys 1 –', expect.stringMatching(/^Read records 12 /)]);
    expect(await seriousFindings(page)).toEqual([]);
    await rebuild.getByRole('button', { name: 'Read every record again' }).click();
    await page
      .getByRole('contentinfo', { name: 'Jobs' })
      .getByText(/12 read/)
      .waitFor();
  });

  test('a condition on a tag asks before tags are read, shows their age, and reads them again on a click', async () => {
    dipper = await open();
    const { page, dataFolder } = dipper;
    await page.getByRole('grid').waitFor();
    await fill(dataFolder, 'tagged', 30, 7);
    const [sandbox] = await callAsPage(page, 'connections:list', {});
    await addCollection(page, {
      connectionId: sandbox?.id ?? '',
      name: 'tagged',
      bucket: 'samples',
      prefix: 'tagged/',
    });
    await page.getByRole('treeitem', { name: /^tagged/ }).click();
    await found(page, '30 of 30');

    await page.keyboard.press('ControlOrMeta+l');
    const query = page.getByRole('region', { name: 'Query', exact: true });
    await query.getByRole('radio', { name: 'Text', exact: true }).click();
    await query.getByRole('textbox', { name: 'Query as text' }).fill('n < 20 and @tag.reviewed = "yes"');
    await page.keyboard.press('ControlOrMeta+Enter');
    const question = page.getByRole('alertdialog', { name: 'Read tags' });
    await question.getByText('Those of 20 records are not known.').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    await planLine(page).getByText('next run: 20 tag requests').waitFor();
    await found(page, '30 of 30');

    await page.keyboard.press('ControlOrMeta+Enter');
    await question.getByRole('button', { name: 'Read the tags of 20 records' }).click();
    await found(page, '7 of 30');
    await planLine(page)
      .getByText(/\b20 requests$/)
      .first()
      .waitFor();
    await planLine(page)
      .getByText(/^tags read/)
      .first()
      .waitFor();

    const client = await fastSandboxClient(dataFolder);
    await client.putObjectTagging('samples', 'tagged/000.json', [], {});
    await client.close();
    await page.getByRole('button', { name: 'Read the tags again' }).click();
    await question.getByRole('button', { name: 'Read the tags of 20 records' }).click();
    await found(page, '6 of 30');
  });
});

function planLine(page: Page): Locator {
  return page
    .getByRole('status')
    .filter({ hasText: /of [\d,]+ |of [\d,]+·|Nothing was read/ })
    .first();
}

async function found(page: Page, words: string): Promise<void> {
  await page
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${words}`) })
    .first()
    .waitFor();
}

async function rows(dialog: Locator): Promise<readonly string[]> {
  return dialog
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => Array.from(row.children, (cell) => cell.textContent ?? '').join(' ')));
}

/** Tags of the first of them: reviewed=yes. */
async function fill(dataFolder: string, prefix: string, count: number, tagged = 0): Promise<void> {
  const client = await fastSandboxClient(dataFolder);
  for (let number = 0; number < count; number += 1) {
    await client.putObject(
      'samples',
      `${prefix}/${String(number).padStart(3, '0')}.json`,
      Buffer.from(`{"n":${number}}`),
      {
        headers: { tags: number < tagged ? [{ key: 'reviewed', value: 'yes' }] : [] },
      },
    );
  }
  await client.close();
}

async function setBudget(page: Page, requests: string): Promise<void> {
  await runCommand(page, 'Edit the connection');
  const dialog = page.getByRole('dialog', { name: 'Edit connection' });
  await dialog.getByRole('button', { name: 'Advanced' }).click();
  await dialog.getByRole('textbox', { name: 'Requests a run' }).fill(requests);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
}
