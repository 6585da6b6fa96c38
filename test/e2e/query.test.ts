import { EventEmitter, once } from 'node:events';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, addConnection } from './support/contract.ts';
import { expectFocus, tabTo } from './support/focus.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

let dipper: OpenDipper | null = null;

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await dipper?.close();
  dipper = null;
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Three levels: all, any in it, none in that. */
const THREE_LEVELS =
  'rating >= 7 and (genre in ("Drama", "Comedy") or (title like "%war%" and not (votes > 10000 or runtime not exists)))';

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('a query in $name', ({ open }) => {
  test('is built three levels deep by mouse, said as text, and switched off in part', async () => {
    const page = await openMovies(open);
    await page.getByRole('button', { name: 'Add a condition' }).click();
    const query = page.getByRole('region', { name: 'Query', exact: true });
    await fill(query.getByRole('group', { name: 'new condition' }), 'rating', 'at least', '7');
    await addGroup(query.getByRole('group', { name: 'all of these' }).first());
    const any = query.getByRole('group', { name: 'any of these' });
    await choosePlace(any.getByRole('group', { name: 'new condition' }), 'genre');
    await chooseOperator(any.getByRole('group', { name: 'genre condition' }), 'is one of');
    for (const genre of ['Drama', 'Comedy']) {
      await any.getByRole('textbox', { name: 'Add to values' }).fill(genre);
      await page.keyboard.press('Enter');
    }
    await addGroup(any);
    const all = any.getByRole('group', { name: 'all of these' });
    await fill(all.getByRole('group', { name: 'new condition' }), 'title', 'like', '%war%');
    await addGroup(all);
    const none = all.getByRole('group', { name: 'any of these' });
    await fill(none.getByRole('group', { name: 'new condition' }), 'votes', 'more than', '10000');
    await none.getByRole('button', { name: 'Add a condition' }).click();
    await choosePlace(none.getByRole('group', { name: 'new condition' }), 'runtime');
    await chooseOperator(none.getByRole('group', { name: 'runtime condition' }), 'has no value');
    await none.getByRole('radio', { name: 'none' }).click();
    await query.getByRole('button', { name: 'Run' }).click();
    const whole = await counted(page);

    await query.getByRole('radio', { name: 'Text', exact: true }).click();
    const text = query.getByRole('textbox', { name: 'Query as text' });
    expect(await text.inputValue()).toBe(THREE_LEVELS);
    await page.keyboard.press('Escape');

    // A chip that is pressed is off, and what is found follows at once; pressed again it is on.
    const bar = page.getByRole('region', { name: 'Query', exact: true });
    const rating = bar.getByRole('checkbox', { name: 'rating ≥ 7' });
    await rating.click();
    expect(await counted(page, whole)).toBeGreaterThan(whole);
    expect(await rating.getAttribute('aria-checked')).toBe('false');
    await bar.getByRole('checkbox', { name: 'Group, any of 2' }).press('Space');
    await counted(page, 3201, 'is');
    await rating.focus();
    await page.keyboard.press('Space');
    await bar.getByRole('checkbox', { name: 'Group, any of 2' }).press('Space');
    expect(await counted(page, whole, 'is')).toBe(whole);
    await rating.press('Delete');
    expect(await counted(page, whole)).toBeGreaterThan(whole);
    await bar.getByRole('button', { name: 'Remove the group' }).click();
    expect(await counted(page, 3201, 'is')).toBe(3201);
  });

  test('is built three levels deep by keyboard alone, as conditions and as text', async () => {
    const page = await openMovies(open);
    const query = page.getByRole('region', { name: 'Query', exact: true });
    await page.keyboard.press('ControlOrMeta+l');
    await typeCondition(page, query.getByRole('group', { name: 'new condition' }), 'rating', 'at least', '7');
    for (const [mode, field, operator, value] of [
      ['any of these', 'genre', 'starts with', 'Dra'],
      ['all of these', 'title', 'like', '%war%'],
    ] as const) {
      await tabTo(page, query.getByRole('button', { name: 'More for this group' }).last());
      await page.keyboard.press('Enter');
      await expectFocus(page, page.getByRole('menuitem', { name: 'Add a group' }));
      await page.keyboard.press('Enter');
      const group = query.getByRole('group', { name: mode }).last();
      await typeCondition(page, group.getByRole('group', { name: 'new condition' }), field, operator, value);
    }
    await page.keyboard.press('ControlOrMeta+Enter');
    const found = await counted(page);

    // The same key goes on to the text.
    await page.keyboard.press('ControlOrMeta+l');
    const text = query.getByRole('textbox', { name: 'Query as text' });
    await expectFocus(page, text);
    expect(await text.inputValue()).toBe('rating >= 7 and (genre starts_with "Dra" or (title like "%war%"))');
    await page.keyboard.press('End');
    await page.keyboard.type(' and');
    await query.getByText(/^Column \d+: Here a field is missing/).waitFor();
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.keyboard.type(' not runtime exists\n');
    await query.getByText('The conditions say the same').waitFor();
    await page.keyboard.press('ControlOrMeta+Enter');
    expect(await counted(page, found)).toBeLessThan(found);
    await page.keyboard.press('ControlOrMeta+l');
    await query
      .getByRole('group', { name: 'not all of these' })
      .getByRole('group', { name: 'runtime condition' })
      .waitFor();
  });

  test('looks for a word in every field, in lists, among facts of the object, by length and by age', async () => {
    const page = await openMovies(open);
    const box = page.getByRole('textbox', { name: 'Find a word in every field' });
    await page.keyboard.press('ControlOrMeta+Shift+f');
    await expectFocus(page, box);
    await page.keyboard.type('kurosawa');
    await page.keyboard.press('Enter');
    const found = await counted(page);
    expect(found).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Find no word' }).click();
    await counted(page, 3201, 'is');

    await page.getByRole('button', { name: 'Add a condition' }).click();
    const query = page.getByRole('region', { name: 'Query', exact: true });
    const row = query.getByRole('group', { name: /condition$/ });
    await query.getByRole('combobox', { name: 'Field' }).fill('Other');
    await page.getByRole('option', { name: /^Other path/ }).click();
    await page.getByRole('textbox', { name: 'Path' }).fill('cast[');
    await page.getByText('Character 6').waitFor();
    await page.getByRole('textbox', { name: 'Path' }).fill('cast[0]');
    await page.getByText('Read as cast, then value 1 of the list').waitFor();
    await page.getByRole('button', { name: 'Use this path' }).click();
    await chooseOperator(query.getByRole('group', { name: 'cast[0] condition' }), 'has no value');
    await query.getByRole('button', { name: 'Run' }).click();
    await counted(page, 3201, 'is');

    await query.getByRole('combobox', { name: 'Field' }).fill('@size');
    await page.getByRole('option', { name: /^@size/ }).click();
    await chooseOperator(row, 'at least');
    await query.getByRole('textbox', { name: 'Value' }).fill('1');
    await query.getByRole('button', { name: 'Run' }).click();
    expect(await counted(page, 3201, 'is')).toBe(3201);

    await choosePlace(row, 'title');
    await chooseOperator(row, 'has a length');
    await query.getByRole('textbox', { name: 'Length' }).fill('40');
    await query.getByRole('button', { name: 'Run' }).click();
    expect(await counted(page, 3201)).toBeLessThan(200);
    await choosePlace(row, 'released');
    await chooseOperator(row, 'within the last');
    await query.getByRole('textbox', { name: 'How many' }).fill('100');
    await query.getByRole('combobox', { name: 'Unit of time' }).click();
    await page.getByRole('option', { name: 'years' }).click();
    await query.getByRole('radio', { name: 'Text', exact: true }).click();
    expect(await query.getByRole('textbox', { name: 'Query as text' }).inputValue()).toBe(
      'released within_last 100 years',
    );
  });

  test('is saved under a name, run again, renamed and deleted, and what ran is known', async () => {
    const page = await openMovies(open);
    await page.getByRole('button', { name: 'Edit or paste the query as text' }).click();
    await page.keyboard.type('rating >= 8 and genre = "Drama"');
    await page.keyboard.press('ControlOrMeta+Enter');
    const found = await counted(page);
    await page.getByRole('button', { name: 'Saved queries' }).click();
    await page.getByRole('menuitem', { name: 'Save the query under a name' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Best dramas');
    await page.keyboard.press('Enter');
    await page.getByText('The query is saved as Best dramas').waitFor();

    await page.getByRole('textbox', { name: 'Query as text' }).fill('rating < 2');
    await page.keyboard.press('ControlOrMeta+Enter');
    const worst = await counted(page, found);
    await page.reload();
    await counted(page, worst, 'is');
    await page.getByRole('button', { name: 'Saved queries' }).click();
    await page.getByRole('menuitem', { name: 'Best dramas' }).click();
    expect(await counted(page, found, 'is')).toBe(found);
    await page.getByRole('checkbox', { name: 'rating ≥ 8' }).waitFor();

    await page.getByRole('button', { name: 'Queries that ran' }).click();
    await page.getByRole('menuitem', { name: 'rating < 2' }).click();
    expect(await counted(page, worst, 'is')).toBe(worst);
    await page.getByRole('button', { name: 'Saved queries' }).click();
    await page.getByRole('menuitem', { name: /all saved/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Queries' });
    await dialog.getByRole('button', { name: 'Rename Best dramas' }).click();
    await page.keyboard.type('Dramas');
    await page.keyboard.press('Enter');
    await dialog.getByRole('tab', { name: 'Ran 2' }).click();
    expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^rating < 2/),
      expect.stringMatching(/^rating >= 8 and genre = "Drama"/),
    ]);
    await dialog.getByRole('tab', { name: 'Saved 1' }).click();
    await dialog.getByRole('button', { name: 'Delete Dramas' }).click();
    await dialog.getByRole('tab', { name: 'Saved 0' }).waitFor();
  });

  test('is copied as a program, or it is said why not', async () => {
    const page = await openMovies(open);
    await page.getByRole('button', { name: 'Edit or paste the query as text' }).click();
    await page.keyboard.type('title contains "war" and rating >= 8');
    await page.getByRole('button', { name: 'Saved queries' }).click();
    await page.getByRole('menuitem', { name: /^Copy the query as code/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Copy the query as' });
    await dialog.getByText('dataknobs has no operator contains.').waitFor();
    await dialog.getByRole('radio', { name: 'DuckDB SQL' }).click();
    await dialog.getByText('number_of((body->\'$."rating"\')) >= 8').waitFor();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await page.getByText(/The query is copied as DuckDB SQL/).waitFor();
  });
});

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('the records of a query in $name', ({ open }) => {
  test('are partial while the bucket is read for the first time, then whole, and follow what other clients do', async () => {
    const server = await startTestSandbox({ buckets: ['records'] });
    cleanUps.push(() => server.stop());
    const theirs = createS3Client(targetOf(server));
    cleanUps.push(() => theirs.close());
    const put = (n: number, value = n): Promise<unknown> =>
      theirs.putObject('records', `notes/${n}.json`, Buffer.from(`{"n":${value}}`), { lane: 'bulk' });
    await Promise.all(Array.from({ length: 300 }, (_, at) => put(100 + at)));
    const letGo = holdBodies(server, (key) => /39\d/.test(key));
    dipper = await open();
    const { page } = dipper;
    const { id } = await addConnection(page, 'Archive', server);
    const place = { connectionId: id, name: 'notes', bucket: 'records', prefix: 'notes/', cacheTtlSeconds: 0 };
    await addCollection(page, place);
    await page.getByRole('treeitem', { name: /^notes/ }).click();
    const partial = page.getByRole('status').filter({ hasText: 'rows so far, the order may still change' });
    await partial.waitFor();

    await page.getByRole('button', { name: 'Edit or paste the query as text' }).click();
    const query = page.getByRole('textbox', { name: 'Query as text' });
    await query.fill('n >= 200');
    await query.press('ControlOrMeta+Enter');
    const grid = page.getByRole('grid', { name: 'Records of notes' });
    const rows = async (): Promise<number> => Number(await grid.getAttribute('aria-rowcount')) - 1;
    await expect.poll(rows).toBeLessThanOrEqual(190);
    await partial.filter({ hasText: /290 of 300 read.*[\d,]+\/s.*\d+ (?:s|min) left.*\d+ requests/ }).waitFor();
    expect(await rows()).toBeGreaterThan(0);

    letGo();
    await said(page, '200 of 300');
    expect([await rows(), await partial.count()]).toEqual([200, 0]);

    // Another client adds, changes and deletes one.
    await put(400);
    await put(150, 500);
    await theirs.deleteObject('records', 'notes/399.json', {});
    await query.fill('n >= 396');
    await query.press('ControlOrMeta+Enter');
    // Where the listing is faster than the first rows of what was held, these are the new ones already.
    const newer = page.getByRole('button', { name: 'Show newer data' });
    await newer.or(saying(page, '5 of 300')).waitFor();
    if (await newer.isVisible()) await newer.click();
    await said(page, '5 of 300');
    const firsts = grid.getByRole('row').locator('[role=gridcell]:first-child');
    expect(await firsts.allInnerTexts()).toEqual(['150', '396', '397', '398', '400']);
    await put(150);
    await query.press('ControlOrMeta+r');
    await said(page, '4 of 300');
    expect(await firsts.allInnerTexts()).toEqual(['396', '397', '398', '400']);
  });
});

/** From now on bodies of these keys are not answered, until the function is called that this one answers. */
function holdBodies({ storage }: TestSandbox, isHeld: (key: string) => boolean): () => void {
  const bucket = storage.bucket('records');
  if (bucket === null) throw new Error('there is no bucket to hold bodies of');
  const open = bucket.open.bind(bucket);
  const freed = new EventEmitter();
  const free = once(freed, 'free');
  Object.assign(bucket, {
    open: async (...which: Parameters<typeof open>) => {
      if (isHeld(which[0])) await free;
      return open(...which);
    },
  });
  return () => void freed.emit('free');
}

async function said(page: Page, words: string): Promise<void> {
  await saying(page, words).waitFor();
}

function saying(page: Page, words: string): Locator {
  return page.getByRole('status').filter({ hasText: new RegExp(`^${words}`) });
}

async function openMovies(open: (typeof SHELLS)[number]['open']): Promise<Page> {
  dipper = await open();
  const { page } = dipper;
  await page.getByRole('treeitem', { name: /^movies/ }).click();
  await page
    .getByRole('status')
    .filter({ hasText: /^3,201 of 3,201.*synced/ })
    .waitFor();
  return page;
}

/** How many records the plan line says were found: another number than `before`, or `before` itself. */
async function counted(page: Page, before = 3201, wanted: 'is' | 'is not' = 'is not'): Promise<number> {
  const number = before.toLocaleString('en-US');
  const line = page
    .getByRole('status')
    .filter({
      hasText: wanted === 'is' ? new RegExp(`^${number} of 3,201`) : new RegExp(`^(?!${number} )[\\d,]+ of 3,201`),
    })
    .filter({ hasText: 'from index', hasNotText: 'last run' });
  await line.waitFor();
  return Number((await line.innerText()).split(' ')[0]?.replaceAll(',', ''));
}

async function addGroup(group: Locator): Promise<void> {
  await group.getByRole('button', { name: 'More for this group' }).first().click();
  await group.page().getByRole('menuitem', { name: 'Add a group' }).click();
}

async function choosePlace(row: Locator, field: string): Promise<void> {
  await row.getByRole('combobox', { name: 'Field' }).fill(field);
  await row
    .page()
    .getByRole('option', { name: new RegExp(`^${field} `) })
    .click();
}

async function chooseOperator(row: Locator, words: string): Promise<void> {
  await row.getByRole('combobox', { name: 'Operator' }).click();
  await row.page().getByRole('option', { name: words, exact: true }).click();
}

async function fill(row: Locator, field: string, operator: string, value: string): Promise<void> {
  await choosePlace(row, field);
  const named = row.page().getByRole('group', { name: `${field} condition` });
  await chooseOperator(named, operator);
  await named.getByRole('textbox', { name: 'Value' }).fill(value);
}

async function typeCondition(page: Page, row: Locator, field: string, operator: string, value: string): Promise<void> {
  await expectFocus(page, row.getByRole('combobox', { name: 'Field' }));
  await page.keyboard.type(field);
  await page.getByRole('option', { name: new RegExp(`^${field} `) }).waitFor();
  await page.keyboard.press('Enter');
  const named = page.getByRole('group', { name: `${field} condition` });
  await tabTo(page, named.getByRole('combobox', { name: 'Operator' }));
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: operator, exact: true }).waitFor();
  await page.keyboard.type(operator);
  // As a person who looks: a list that hears its letters late on a busy machine has found another line until then.
  await page.locator('[role=option][data-highlighted]', { hasText: operator }).waitFor();
  await page.keyboard.press('Enter');
  await named.getByRole('combobox', { name: 'Operator' }).filter({ hasText: operator }).waitFor();
  await tabTo(page, named.getByRole('textbox', { name: 'Value' }));
  await page.keyboard.type(value);
}
