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

describe.each(ONE_SHELL)('columns in $name', ({ open }) => {
  test('are dragged and hidden by mouse, by the header’s menu and by keys, and a reload keeps them', async () => {
    dipper = await open();
    const { page } = dipper;
    await openCollection(page, 'cars');
    expect(await headers(page)).toMatch(/^id name origin year cylinders horsepower miles_per_gallon displacement/);

    await drag(page, header(page, 'horsepower'), header(page, 'name'));
    expect(await headers(page)).toMatch(/^id horsepower name origin year cylinders miles_per_gallon/);
    // A drag is no click: the records are not sorted by it.
    expect(await header(page, 'horsepower').getAttribute('aria-sort')).toBe('none');

    await header(page, 'displacement').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Hide the column' }).click();
    await page.getByRole('button', { name: 'Columns, 1 hidden' }).waitFor();
    await header(page, 'id').click({ button: 'right' });
    expect(await page.getByRole('menuitem', { name: 'Hide the column' }).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Escape');

    // The header of the id has the focus again: from there on with keys alone.
    await focusOn(page, 'id');
    await page.keyboard.press('ArrowRight');
    await focusOn(page, 'horsepower');
    await page.keyboard.press('Alt+ArrowRight');
    expect(await headers(page)).toMatch(/^id name horsepower origin year/);
    await focusOn(page, 'horsepower');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('menuitem', { name: 'Move to the start' }).click();
    // A menu that is still fading away takes the next click for one beside it.
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await headers(page)).toMatch(/^horsepower id name origin year/);

    await page.getByRole('button', { name: 'Columns, 1 hidden' }).click();
    const list = page.getByRole('dialog', { name: 'Columns' });
    await list.getByRole('textbox', { name: 'Find a column' }).fill('e');
    await list.getByRole('checkbox', { name: /name$/ }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await list.getByRole('checkbox', { name: /cylinders/ }).click();
    await list.getByRole('textbox', { name: 'Find a column' }).fill('');
    const item = (name: string) => list.getByRole('listitem').filter({ hasText: name });
    await item('origin').waitFor();
    await drag(page, item('miles_per_gallon').locator('[title^=Drag]'), item('horsepower'), { below: false });
    await page.keyboard.press('Escape');
    const arranged = /^name miles_per_gallon horsepower id /;
    expect(await headers(page)).toMatch(arranged);

    await page.reload();
    await openCollection(page, 'cars');
    expect(await headers(page)).toMatch(arranged);
    expect(await headers(page)).not.toMatch(/displacement|cylinders/);

    await page.getByRole('button', { name: 'Columns, 2 hidden' }).click();
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect
      .poll(() => headers(page))
      .toMatch(/^id name origin year cylinders horsepower miles_per_gallon displacement/);
    await page.keyboard.press('Escape');
  });
});

describe.each(SHELLS.filter(({ name }) => name === 'browser'))('two hundred columns', ({ open }) => {
  test('are not all drawn, and a header is dragged to a place that is out of sight', async () => {
    dipper = await open();
    const { page, dataFolder } = dipper;
    await page.getByRole('grid').waitFor();
    const s3 = await fastSandboxClient(dataFolder);
    const fields = Array.from({ length: 200 }, (_, place) => `f${place}`);
    const record = JSON.stringify(Object.fromEntries(fields.map((name, place) => [name, place])));
    await s3.putObject('samples', 'wide/one.json', Buffer.from(record), {});
    await s3.close();
    const [sandbox] = await callAsPage(page, 'connections:list', {});
    await addCollection(page, { connectionId: sandbox?.id ?? '', name: 'wide', bucket: 'samples', prefix: 'wide/' });
    await openCollection(page, 'wide');

    const grid = page.getByRole('grid');
    const box = await grid.boundingBox();
    const from = await header(page, 'f1').boundingBox();
    if (box === null || from === null) throw new Error('nothing is drawn');
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, from.y + 10, { steps: 4 });
    // At the edge the grid scrolls by itself.
    await page.waitForFunction(() => (document.querySelector('[role="grid"]')?.scrollLeft ?? 0) > 1200);
    await page.mouse.move(box.x + box.width / 2, from.y + 10);
    await page.mouse.up();
    await header(page, 'f1').waitFor();
    const drawn = (await headers(page)).split(' ');
    const place = drawn.indexOf('f1');
    expect(drawn.length).toBeLessThan(40);
    expect(Number(drawn[place + 1]?.slice(1)) - Number(drawn[place - 1]?.slice(1))).toBe(1);
    expect(Number(drawn[place + 1]?.slice(1))).toBeGreaterThan(20);
  });
});

async function openCollection(page: Page, name: string): Promise<void> {
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).click();
  await page
    .getByRole('grid', { name: `Records of ${name}` })
    .getByRole('gridcell')
    .first()
    .waitFor();
}

function header(page: Page, name: string): Locator {
  return page.getByRole('columnheader', { name, exact: true });
}

async function focusOn(page: Page, name: string): Promise<void> {
  await page.waitForFunction((wanted) => document.activeElement?.getAttribute('aria-label') === wanted, name);
}

/** Names of the headers that are drawn, from left to right. */
async function headers(page: Page): Promise<string> {
  const found = await page.getByRole('columnheader').evaluateAll((elements) =>
    elements
      .map((element) => ({
        name: element.getAttribute('aria-label') ?? '',
        left: element.getBoundingClientRect().left,
      }))
      .toSorted((one, other) => one.left - other.left)
      .map(({ name }) => name),
  );
  return found.join(' ');
}

/** Drags one thing onto another one's first quarter. */
async function drag(page: Page, from: Locator, to: Locator, { below = false } = {}): Promise<void> {
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  if (start === null || end === null) throw new Error('nothing is drawn to drag');
  await page.mouse.move(start.x + Math.min(20, start.width / 2), start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width / 4, end.y + end.height * (below ? 0.75 : 0.25), { steps: 8 });
  await page.mouse.up();
}
