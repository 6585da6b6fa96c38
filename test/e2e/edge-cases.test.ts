import { GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { MULTIPART_THRESHOLD } from '../../electron/engine/s3/multipart/put-body.ts';
import { EDGE_CASES, EDGE_CASES_PLACE } from '../../electron/sandbox/edge-cases/all-edge-cases.ts';
import { sandboxClient } from './support/sandbox-client.ts';
import { ONE_SHELL, type OpenDipper } from './support/shells.ts';

const { bucket, prefix } = EDGE_CASES_PLACE;
/** As a listing has them: by the bytes of their keys. */
const NAMES = EDGE_CASES.map(({ name }) => name).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

interface Shown {
  /** Of its row in the grid. */
  readonly row: RegExp;
  readonly inspector: 'fields' | 'text' | 'bytes' | 'failure';
  /** What the inspector says. */
  readonly says?: RegExp;
}

const NO_JSON = (row: RegExp, says: RegExp): Shown => ({ row, inspector: 'text', says });

/** Every other case is a row without a reason and opens with its fields. */
const SHOWN: Readonly<Record<string, Shown>> = {
  '20-mb.json': { row: /has 19\.1 MB; objects above 4\.0 MB are not read into the index/, inspector: 'fields' },
  'archived.json': { row: /is archived and/, inspector: 'failure', says: /must be restored/ },
  'bad-json.json': NO_JSON(/A colon is missing after the name "title"/, /Line 1, column 10: A colon is missing/),
  'binary-like-utf-16.bin': { row: /odd number of bytes/, inspector: 'bytes', says: /10 00 20 00 30 d8 40 00/ },
  'binary.bin': { row: /The body is no text/, inspector: 'bytes', says: /040 40 41 42 43 44 45 46 47 @ABCDEFG/ },
  'blanks.json': NO_JSON(/The body is empty/, /The text is empty/),
  'byte-order-mark-broken.json': NO_JSON(/"Noon" is no JSON value/, /Line 1, column 11/),
  'comma-too-many.json': NO_JSON(/a comma too many/, /Line 3, column 16/),
  'cut-off.json': NO_JSON(/no closing quote/, /Line 1, column 44/),
  'empty.json': NO_JSON(/The body is empty/, /The text is empty/),
  'folder/': NO_JSON(/The body is empty/, /The text is empty/),
  'gzip-corrupted.json': { row: /cannot be uncompressed/, inspector: 'bytes', says: /All 63 bytes/ },
  'invalid-utf-8.json': { row: /not text in UTF-8/, inspector: 'bytes', says: /3a 20 22 43 61 66 e9 22/ },
  'mixed-line-ends.json': NO_JSON(/A colon is missing after the name "year"/, /A colon is missing/),
  'notes.txt': NO_JSON(/"Noon" is no JSON value/, /Line 1, column 1/),
  'python-literal.json': NO_JSON(/A name in double quotes/, /Line 1, column 2/),
  'raw-control-characters.json': NO_JSON(/A string holds a tab/, /Line 1, column 16/),
  'top-level-list.json': NO_JSON(/The body is a list/, /The body is a list/),
  'top-level-null.json': NO_JSON(/The body is null/, /The body is null/),
  'top-level-number.json': NO_JSON(/The body is a number/, /The body is a number/),
  'top-level-string.json': NO_JSON(/The body is a string/, /The body is a string/),
  'trailing-text.json': NO_JSON(/more text after the end/, /Line 2, column 1/),
  'two-records.json': NO_JSON(/more text after the end/, /Line 2, column 1/),
  'unknown-encoding.json': { row: /content encoding zstd/, inspector: 'bytes', says: /28 b5 2f fd/ },
};

/** What is changed in the page, saved, changed back and saved: each way of editing, and each kind of object. */
const SAVES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'bad-json.json': saveText,
  'mixed-line-ends.json': saveText,
  'byte-order-mark-broken.json': saveText,
  'notes.txt': saveText,
  'binary.bin': saveTags,
  'gzip.json': saveTags,
  'control-\u0001-\u001f-\u007f.json': saveTags,
  'crlf.json': saveValue,
  'odd-tags.json': saveValue,
  '20-mb.json': saveValue,
  'depth-20000.json': saveValue,
};

/** Milliseconds that the page may be busy at a stretch, on a machine that has other work too. */
const LONGEST_TASK = 2000;

/**
 * In order of their keys. Electron differs in how calls travel: large, odd and unreadable ones. A save sends what was
 * changed, whatever the size of the record.
 */
const IN_ELECTRON = ['20-mb.json', 'bad-json.json', 'binary.bin', 'depth-20000.json', 'lone-surrogates.json'];
const SAVED_IN_ELECTRON = ['bad-json.json', 'binary.bin', 'depth-20000.json'];

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

describe.each(ONE_SHELL)('the edge cases in $name', ({ name: shell, open }) => {
  test('open, or say why they cannot, and are saved byte for byte', { timeout: 240_000 }, async () => {
    dipper = await open();
    const { page, dataFolder } = dipper;
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.evaluate(watchTasks);
    await openCollection(page, 'edge cases');
    const s3 = await sandboxClient(dataFolder);
    const [opened, saved] = shell === 'Electron' ? [IN_ELECTRON, SAVED_IN_ELECTRON] : [NAMES, Object.keys(SAVES)];
    const before = await readAll(s3, opened);

    let at = -1;
    for (const name of opened) {
      for (const row = NAMES.indexOf(name); at < row; at += 1) await moveDown(page, at);
      await page.locator(`[role=row][aria-rowindex="${at + 2}"]:not([aria-busy]):has([data-active])`).waitFor();
      const expected = SHOWN[name];
      await page.keyboard.press('Enter');
      await waitForRecord(page, prefix + name, expected?.inspector === 'failure');
      expect.soft(await page.evaluate(look), name).toEqual({
        row: expected === undefined ? null : expect.stringMatching(expected.row),
        inspector: expected?.inspector ?? 'fields',
        says: expect.stringMatching(expected?.says ?? /./),
        markup: 0,
      });
      if (saved.includes(name)) await SAVES[name]?.(page);
    }

    expect(await readAll(s3, opened)).toEqual(before);
    expect(errors).toEqual([]);
    expect(await longestTask(page)).toBeLessThan(LONGEST_TASK);
  });
});

async function openCollection(page: Page, name: string): Promise<void> {
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).click();
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /synced/ })
    .waitFor();
}

function inspector(page: Page): Locator {
  return page.getByRole('complementary', { name: /^Record/ });
}

/** From one row to the next by the keyboard, as rows come in the order of keys; from -1 to the first by a click. */
async function moveDown(page: Page, row: number): Promise<void> {
  if (row === -1) {
    await page.getByRole('grid').getByRole('row').nth(1).getByRole('gridcell').first().click();
  } else {
    await page.locator('[role=row] [data-active]').focus();
    await page.keyboard.press('ArrowDown');
  }
}

/** The inspector says the key at its foot, or that the record cannot be read. */
async function waitForRecord(page: Page, key: string, fails: boolean): Promise<void> {
  if (fails) {
    await inspector(page).getByRole('button', { name: 'Try again' }).waitFor();
    return;
  }
  await page.waitForFunction((wanted) => {
    const aside = document.querySelector('aside:not([aria-busy=true])');
    // The editor comes with a script of its own, when it is first needed.
    const waits = aside?.querySelector('[aria-busy=true]') ?? null;
    return aside?.querySelector('dd[title]')?.getAttribute('title') === wanted && waits === null;
  }, key);
}

/** What is there to see of the record; `row`: why it is none, or null. */
function look(): {
  readonly row: string | null;
  readonly inspector: Shown['inspector'] | null;
  readonly says: string;
  /** Elements that only a text taken for HTML makes. */
  readonly markup: number;
} {
  const aside = document.querySelector('aside[aria-label^="Record"]');
  const has = (selector: string): boolean => (aside?.querySelector(selector) ?? null) !== null;
  return {
    row: document.querySelector('[role=row]:has([data-active]) > span[title]')?.getAttribute('title') ?? null,
    inspector: has('[role=tree][aria-label="Fields"]')
      ? 'fields'
      : has('[role=textbox][aria-label="Body of the object"]')
        ? 'text'
        : has('pre[aria-label="Bytes of the object"]')
          ? 'bytes'
          : has('[role=tab]')
            ? null
            : 'failure',
    says: aside?.textContent ?? '',
    markup: document.querySelectorAll(
      'body :is(img[src], iframe, object, embed, a[href^="javascript:"], :is(aside, [role=grid]) :is(b, script))',
    ).length,
  };
}

async function saveText(page: Page): Promise<void> {
  const editor = inspector(page).getByRole('textbox', { name: 'Body of the object' });
  for (const key of ['Space', 'Backspace']) {
    await editor.click();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.press(key);
    await save(page);
  }
}

async function saveTags(page: Page): Promise<void> {
  const panel = inspector(page);
  await panel.getByRole('tab', { name: 'Tags' }).click();
  await panel.getByRole('button', { name: 'Add tag' }).click();
  await panel.getByRole('textbox', { name: 'Key of tag 1' }).fill('seen');
  await save(page);
  await panel.getByRole('button', { name: 'Remove tag seen' }).click();
  await save(page);
}

async function saveValue(page: Page): Promise<void> {
  const panel = inspector(page);
  const title = panel.getByRole('treeitem', { name: /\btitle\b/ }).first();
  const value = panel.getByRole('textbox', { name: 'Value of title' });
  await title.dblclick();
  const original = await value.inputValue();
  await value.fill('changed');
  await page.keyboard.press('Enter');
  await save(page);
  await title.dblclick();
  await value.fill(original);
  await page.keyboard.press('Enter');
  await save(page);
}

/** Saves and waits until the record is shown as saved. */
async function save(page: Page): Promise<void> {
  const bar = inspector(page).getByRole('button', { name: /^Sav(e|ing)/ });
  await bar.waitFor();
  await page.keyboard.press('ControlOrMeta+s');
  await bar.waitFor({ state: 'detached' });
}

/** Everything that another client sees of each object, its bytes as a sum; of the archived one all but the bytes. */
async function readAll(s3: S3Client, names: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const objects = names.map(async (name): Promise<[string, unknown]> => {
    const place = { Bucket: bucket, Key: prefix + name };
    const { $metadata: _, LastModified: __, ...facts } = await s3.send(new HeadObjectCommand(place));
    const { TagSet } = await s3.send(new GetObjectTaggingCommand(place));
    const body = facts.StorageClass === 'GLACIER' ? undefined : (await s3.send(new GetObjectCommand(place))).Body;
    const sum = createHash('sha256').update((await body?.transformToByteArray()) ?? '');
    // What is written in parts has an ETag of another form.
    const ETag = (facts.ContentLength ?? 0) > MULTIPART_THRESHOLD ? undefined : facts.ETag;
    return [name, { ...facts, ETag, tags: TagSet, bytes: sum.digest('hex') }];
  });
  return Object.fromEntries(await Promise.all(objects));
}

function watchTasks(): void {
  const durations: number[] = [];
  Reflect.set(window, 'taskDurations', durations);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) durations.push(duration);
  }).observe({ entryTypes: ['longtask'] });
}

/** Milliseconds. */
async function longestTask(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const durations: readonly number[] = Reflect.get(window, 'taskDurations');
    return Math.max(0, ...durations);
  });
}
