import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { fastSandboxClient, sandboxClient } from './support/sandbox-client.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

const BUCKET = 'samples';
/** The first rows of their collections. */
const MOVIE = 'movies/movie-0001.json';
const PENGUIN = 'penguins/penguin-001.json';
/** What another tool may have put on an object; a save must keep all of it. */
const DRESS = {
  ContentType: 'application/json; charset=utf-8',
  CacheControl: 'max-age=60',
  ContentLanguage: 'en',
  ContentDisposition: 'inline',
  Metadata: { source: 'catalogue/2026-10', owner: 'archive' },
  StorageClass: 'STANDARD_IA',
} as const;
const TAGS = [
  { Key: 'reviewed', Value: 'yes' },
  { Key: 'lang', Value: 'en' },
];

let dipper: OpenDipper | null = null;

afterEach(async () => {
  await dipper?.close();
  dipper = null;
});

for (const { name, open, available } of SHELLS) {
  describe.skipIf(!available)(`the main job in ${name}`, () => {
    test('finds by clicking, edits one value of a plain record, and nothing else of its object changes', async () => {
      // One shell on the records that a first start writes; the window has those of a folder that was there.
      dipper = await open({ firstStart: name === 'browser' });
      const { page, dataFolder } = dipper;
      await openCollection(page, 'movies');
      const s3 = await sandboxClient(dataFolder);

      // rating > 8 and (genre in (Drama, Comedy) or title like %war%)
      await page.getByRole('button', { name: 'Add a condition' }).click();
      const builder = page.getByRole('region', { name: 'Query' });
      await fillCondition(builder.getByRole('group', { name: 'new condition' }), 'rating', 'more than', '8');
      await builder.getByRole('button', { name: 'More for this group' }).click();
      await page.getByRole('menuitem', { name: 'Add a group' }).click();
      // A new group begins with a condition to fill in.
      const either = builder.getByRole('group', { name: 'any of these' });
      await fillList(either.getByRole('group', { name: 'new condition' }), 'genre', ['Drama', 'Comedy']);
      await addCondition(either);
      await fillCondition(either.getByRole('group', { name: 'new condition' }), 'title', 'like', '%war%');
      await builder.getByRole('button', { name: 'Run' }).click();

      const expected = (await readAll(dataFolder, 'movies/')).filter(({ record }) => wanted(record));
      expect(expected.length).toBeGreaterThan(20);
      await page
        .getByRole('status')
        .filter({ hasText: `${expected.length.toLocaleString('en-US')} of 3,201` })
        .waitFor();
      await page.keyboard.press('Escape');

      const target = expected[0];
      if (target === undefined) throw new Error('nothing was found');
      const before = await dress(s3, target.key, target.body);
      // Another client changed the object's headers just now: a forced listing shows it.
      await page.getByRole('button', { name: /List the bucket again|Refresh/ }).click();
      await openRecord(page, idOf(target.key));
      await editField(page, 'rating', '9.75');
      await save(page);

      const after = await read(s3, target.key);
      expect(after.body).toBe(replaceOnce(before.body, /"rating":\s*([\d.]+)/, '9.75'));
      expect({ ...after, body: null, etag: null }).toEqual({ ...before, body: null, etag: null });

      await page.reload();
      await openCollection(page, 'movies');
      await openRecord(page, idOf(target.key));
      await page
        .getByRole('treeitem', { name: /rating/ })
        .filter({ hasText: '9.75' })
        .waitFor();
    });

    test('edits a dataknobs record: the value and updated_at differ, nothing else', async () => {
      dipper = await open();
      const { page, dataFolder } = dipper;
      await openCollection(page, 'penguins');
      const s3 = await sandboxClient(dataFolder);
      const before = await dress(s3, PENGUIN, await bodyOf(s3, PENGUIN));

      await openRecord(page, idOf(PENGUIN));
      await editField(page, 'island', 'Torgersen Island');
      await save(page);

      const after = await read(s3, PENGUIN);
      const updatedAt = /"updated_at": "([^"]*)"/;
      const edited = replaceOnce(before.body, /"name": "island", "value": ("[^"]*")/, '"Torgersen Island"');
      const stamp = updatedAt.exec(after.body)?.[1] ?? '';
      expect(after.body).toBe(replaceOnce(edited, updatedAt, stamp));
      expect(Date.now() - Date.parse(stamp)).toBeLessThan(120_000);
      expect(stamp).not.toBe(updatedAt.exec(before.body)?.[1]);
      expect({ ...after, body: null, etag: null }).toEqual({ ...before, body: null, etag: null });
    });

    test('shows a conflict when somebody else changed the record, and overwrites nothing', async () => {
      dipper = await open();
      const { page, dataFolder } = dipper;
      await openCollection(page, 'movies');
      const s3 = await sandboxClient(dataFolder);
      await openRecord(page, idOf(MOVIE));
      await editField(page, 'mpaa', 'PG-13');

      const theirs = (await bodyOf(s3, MOVIE)).replace('{', '{"by":"somebody else",');
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: MOVIE, Body: theirs }));
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByRole('button', { name: 'Show the newer record' }).waitFor();
      expect((await read(s3, MOVIE)).body).toBe(theirs);

      await page.getByRole('button', { name: 'Show the newer record' }).click();
      await page.getByRole('treeitem', { name: /somebody else/ }).waitFor();
      await save(page);
      expect((await read(s3, MOVIE)).body).toBe(replaceOnce(theirs, /"mpaa":\s*("[^"]*"|null)/, '"PG-13"'));
    });
  });
}

async function openCollection(page: Page, name: string): Promise<void> {
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).click();
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /synced/ })
    .waitFor();
}

async function addCondition(group: Locator): Promise<void> {
  await group.getByRole('button', { name: 'Add a condition' }).click();
}

async function chooseField(condition: Locator, field: string): Promise<Locator> {
  const builder = condition.page().getByRole('region', { name: 'Query' });
  await condition.getByRole('combobox', { name: 'Field' }).fill(field);
  await condition
    .page()
    .getByRole('option', { name: new RegExp(`^${field} `) })
    .click();
  return builder.getByRole('group', { name: `${field} condition` });
}

async function chooseOperator(condition: Locator, words: string): Promise<void> {
  await condition.getByRole('combobox', { name: 'Operator' }).click();
  await condition.page().getByRole('option', { name: words, exact: true }).click();
}

async function fillCondition(row: Locator, field: string, operator: string, value: string): Promise<void> {
  const condition = await chooseField(row, field);
  await chooseOperator(condition, operator);
  await condition.getByRole('textbox', { name: 'Value' }).fill(value);
}

async function fillList(row: Locator, field: string, values: readonly string[]): Promise<void> {
  const condition = await chooseField(row, field);
  await chooseOperator(condition, 'is one of');
  for (const value of values) {
    await condition.getByRole('textbox', { name: 'Add to values' }).fill(value);
    await condition.page().keyboard.press('Enter');
  }
}

async function openRecord(page: Page, id: string): Promise<void> {
  await page.getByRole('gridcell', { name: id, exact: true }).dblclick();
  await page.getByRole('tree', { name: 'Fields' }).waitFor();
}

async function editField(page: Page, field: string, value: string): Promise<void> {
  await page
    .getByRole('complementary')
    .getByRole('treeitem', { name: new RegExp(`\\b${field}\\b`) })
    .first()
    .dblclick();
  await page.getByRole('textbox', { name: `Value of ${field}` }).fill(value);
  await page.keyboard.press('Enter');
}

/** Saves and waits until the record is shown as saved. */
async function save(page: Page): Promise<void> {
  // While the save is under way the button says "Saving".
  const bar = page.getByRole('button', { name: /^(Save \d|Saving)/ });
  await bar.waitFor();
  await page.keyboard.press('ControlOrMeta+s');
  await bar.waitFor({ state: 'detached' });
}

interface Movie {
  readonly rating?: unknown;
  readonly genre?: unknown;
  readonly title?: unknown;
}

/** The same condition, told by somebody who does not know Dipper's code. */
function wanted({ rating, genre, title }: Movie): boolean {
  const good = typeof rating === 'number' && rating > 8;
  const kind = genre === 'Drama' || genre === 'Comedy';
  return good && (kind || (typeof title === 'string' && title.toLowerCase().includes('war')));
}

interface Stored {
  readonly key: string;
  readonly body: string;
  readonly record: Movie;
}

/** With Dipper's own client, which takes a tenth of the time for thousands. */
async function readAll(dataFolder: string, prefix: string): Promise<readonly Stored[]> {
  const client = await fastSandboxClient(dataFolder);
  const keys: string[] = [];
  for await (const page of client.listAllObjects(BUCKET, { prefix })) keys.push(...page.objects.map(({ key }) => key));
  const found = keys.map(async (key): Promise<Stored> => {
    const body = Buffer.from((await client.getObject(BUCKET, key, {})).body).toString();
    const record: Movie = JSON.parse(body);
    return { key, body, record };
  });
  const all = await Promise.all(found);
  await client.close();
  return all;
}

async function bodyOf(s3: S3Client, key: string): Promise<string> {
  const answer = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return (await answer.Body?.transformToString()) ?? '';
}

/** Everything of an object that a save might lose. */
async function read(s3: S3Client, key: string): Promise<Record<string, unknown> & { readonly body: string }> {
  const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }));
  const tagging = await s3.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: key }));
  return {
    body: await bodyOf(s3, key),
    etag: head.ETag,
    contentType: head.ContentType,
    cacheControl: head.CacheControl,
    contentLanguage: head.ContentLanguage,
    contentDisposition: head.ContentDisposition,
    metadata: head.Metadata,
    storageClass: head.StorageClass,
    encryption: head.ServerSideEncryption,
    tags: tagging.TagSet,
  };
}

/** Gives the object headers, metadata, a class and tags, with the body as it is. */
async function dress(s3: S3Client, key: string, body: string): Promise<Awaited<ReturnType<typeof read>>> {
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, ...DRESS }));
  await s3.send(new PutObjectTaggingCommand({ Bucket: BUCKET, Key: key, Tagging: { TagSet: TAGS } }));
  const dressed = await read(s3, key);
  expect(dressed).toMatchObject({ body, cacheControl: 'max-age=60', storageClass: 'STANDARD_IA', tags: TAGS });
  return dressed;
}

/** Replaces what the pattern's first group holds; exactly one place must match. */
function replaceOnce(text: string, pattern: RegExp, replacement: string): string {
  const all = [...text.matchAll(new RegExp(pattern, 'dg'))];
  const [start, end] = all[0]?.indices?.[1] ?? [0, 0];
  expect(all).toHaveLength(1);
  return text.slice(0, start) + replacement + text.slice(end);
}

function idOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1, -'.json'.length);
}
