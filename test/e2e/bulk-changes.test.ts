import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../electron/engine/s3/s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, callAsPage, connectionTo } from './support/contract.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { runCommand } from './support/run-command.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

const RECORDS = 200;

let server: TestSandbox;
let client: S3Client;
let far: TestSandbox;
let farClient: S3Client;
let dipper: OpenDipper | null = null;

beforeEach(async () => {
  server = await startTestSandbox({ buckets: ['records'] });
  client = createS3Client(targetOf(server));
  far = await startTestSandbox({ buckets: ['records'] });
  farClient = createS3Client(targetOf(far));
  const numbers = Array.from({ length: RECORDS }, (_, number) => number);
  await Promise.all(numbers.map((number) => write('notes/', number, { n: number, state: 'new' })));
});

afterEach(async () => {
  await dipper?.close();
  await client.close();
  await server.stop();
  await farClient.close();
  await far.stop();
  dipper = null;
});

function nameOf(number: number): string {
  return `note-${String(number).padStart(3, '0')}.json`;
}

async function write(prefix: string, number: number, record: Readonly<Record<string, unknown>>): Promise<void> {
  await client.putObject('records', prefix + nameOf(number), Buffer.from(JSON.stringify(record)), {});
}

/** What a program without Dipper sees below a prefix. */
async function bodies(prefix: string, of = client): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const page of of.listAllObjects('records', { prefix })) {
    const found = await Promise.all(page.objects.map(({ key }) => of.getObject('records', key, {})));
    texts.push(...found.map(({ body }) => new TextDecoder().decode(body)));
  }
  return texts;
}

async function farEtags(prefix: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const page of farClient.listAllObjects('records', { prefix })) {
    for (const { key, etag } of page.objects) found.set(key, etag);
  }
  return found;
}

async function openNotes(count = RECORDS): Promise<Page> {
  const shell = SHELLS.find(({ name }) => name === 'browser');
  if (shell === undefined) throw new Error('there is no browser host');
  const environment = { AWS_ACCESS_KEY_ID: server.accessKeyId, AWS_SECRET_ACCESS_KEY: server.secretAccessKey };
  dipper = await shell.open({ environment });
  const { page } = dipper;
  const connection = await callAsPage(page, 'connections:save', {
    connection: { ...connectionTo('Notes', server), credentials: { source: 'environment' } },
  });
  const other = await callAsPage(page, 'connections:save', {
    connection: { ...connectionTo('Far', far), credentials: { source: 'environment' } },
  });
  for (const [name, { id }] of [['notes', connection] as const, ['released', other] as const])
    await addCollection(page, { connectionId: id, name, bucket: 'records', prefix: `${name}/` });
  await page.getByRole('treeitem', { name: /^notes/ }).click();
  await page.getByRole('main').getByText(`${count} of ${count}`, { exact: true }).waitFor();
  return page;
}

const bar = (page: Page): Locator => page.getByRole('contentinfo', { name: 'Jobs' });

describe('many records', () => {
  test('are changed as the preview said, brought back but for what somebody else wrote, and changed again', async () => {
    const page = await openNotes();
    const before = await bodies('notes/');
    await runCommand(page, 'Change all records of this answer');
    const dialog = page.getByRole('alertdialog', { name: 'Change records' });
    // With the keyboard alone: the field has the focus, and Tab leads on.
    await page.keyboard.type('state');
    await page.getByRole('option', { name: /^state/ }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByRole('textbox', { name: 'Value of state' }).fill('done');
    await dialog.getByRole('button', { name: 'Add a change' }).click();
    const second = dialog.getByRole('listitem', { name: 'Change 2' });
    await second.getByRole('combobox', { name: 'What to do' }).click();
    await page.getByRole('option', { name: 'Rename' }).click();
    await second.getByRole('combobox', { name: 'Field' }).fill('n');
    await page.getByRole('option', { name: /^n\b/ }).first().click();
    await second.getByRole('textbox', { name: 'New name of n' }).fill('number');
    const preview = dialog.getByRole('region', { name: 'The first records, before and after' });
    await preview.getByText('number').first().waitFor();
    expect(await preview.getByRole('listitem').count()).toBe(20);
    expect(await preview.getByRole('listitem').first().innerText()).toMatch(
      /note-000\.json\s+number\s+missing\s+0\s+n\s+0\s+missing\s+state\s+"new"\s+"done"/,
    );
    expect(await bodies('notes/')).toEqual(before);
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: `Change ${RECORDS} records` }).click();
    await bar(page).getByText(`Change ${RECORDS} records of notes: ${RECORDS} changed`).waitFor();
    const changed = await bodies('notes/');
    expect(changed).toEqual(before.map((_, number) => `{"number":${number},"state":"done"}`));

    await write('notes/', 7, { theirs: true });
    await bar(page).getByRole('button', { name: 'Undo', exact: true }).click();
    const undo = page.getByRole('alertdialog', { name: 'Undo a job' });
    await undo.getByText('What somebody has changed since stays as it is now').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await undo.getByRole('button', { name: `Bring back ${RECORDS} records` }).click();
    await bar(page)
      .getByText(`${RECORDS - 1} brought back, 1 failed`)
      .first()
      .waitFor();
    expect(await bodies('notes/')).toEqual(before.with(7, '{"theirs":true}'));
    await page.keyboard.press('Alt+a');
    const table = page.getByRole('table', { name: 'Jobs' });
    await table.getByText(`Takes back: Change ${RECORDS} records of notes`).waitFor();
    await bar(page).getByRole('button', { name: 'Show the failed records' }).click();
    await page.getByRole('button', { name: 'Show these records in the table' }).click();
    await page.getByRole('main').getByText(`1 of ${RECORDS}`, { exact: true }).waitFor();
    await page.getByRole('gridcell', { name: 'note-007', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back to the jobs' }).click();

    await table.getByRole('button', { name: /^Redo: / }).click();
    await page.getByRole('button', { name: `Redo ${RECORDS - 1} records` }).click();
    await bar(page)
      .getByText(`Undo a job on ${RECORDS - 1} records of notes: ${RECORDS - 1} brought back`)
      .waitFor();
    expect(await bodies('notes/')).toEqual(changed.with(7, '{"theirs":true}'));
  });

  test('are promoted to another server, and after three changes exactly these three; one that was left out is moved there', async () => {
    const page = await openNotes();
    const promote = async (): Promise<Locator> => {
      await runCommand(page, 'Compare with another collection');
      const dialog = page.getByRole('alertdialog', { name: 'Compare and promote' });
      await dialog.getByRole('combobox', { name: 'To' }).fill('released');
      await page.getByRole('option', { name: /^released/ }).click();
      await dialog.getByRole('button', { name: 'Compare', exact: true }).click();
      return dialog;
    };
    const first = await promote();
    await first.getByRole('checkbox', { name: `${RECORDS} new` }).waitFor();
    await first.getByRole('button', { name: `Promote ${RECORDS} records` }).click();
    await bar(page).getByText(`${RECORDS} promoted`).waitFor();
    expect(await bodies('released/', farClient)).toEqual(await bodies('notes/'));

    const released = await farEtags('released/');
    for (const number of [3, 4, 5, 6]) await write('notes/', number, { n: number, state: 'better' });
    // Other bytes of the same value are no change.
    await client.putObject('records', `notes/${nameOf(8)}`, Buffer.from('{"state": "new", "n": 8}'), {});
    const second = await promote();
    await second.getByText('0 only there, 196 the same: they stay').waitFor();
    const difference = second.getByRole('region', { name: 'The record there, before and after' });
    await difference.getByText('better').waitFor();
    expect(await difference.innerText()).toMatch(/note-003\.json\s+state\s+"new"\s+"better"/);
    const list = second.getByRole('listbox', { name: 'Records that differ' });
    await list.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', ' ']) await page.keyboard.press(key);
    expect(await seriousFindings(page)).toEqual([]);
    await callAsPage(page, 'requests:clear', {});
    await second.getByRole('button', { name: 'Promote 3 records' }).click();
    await bar(page).getByText('3 promoted').waitFor();
    const { entries } = await callAsPage(page, 'requests:list', {});
    expect(
      entries.filter(({ operation }) => /^(Put|Copy|Delete)/.test(operation)).map(({ operation }) => operation),
    ).toEqual(['PutObject', 'PutObject', 'PutObject']);
    const written = [...(await farEtags('released/'))].filter(([key, etag]) => released.get(key) !== etag);
    expect(written.map(([key]) => key)).toEqual([3, 4, 5].map((number) => `released/${nameOf(number)}`));

    await runCommand(page, 'Refresh: list the bucket again');
    await page.getByRole('grid').getByText('better').first().waitFor();
    await page.getByRole('gridcell', { name: 'note-006', exact: true }).click();
    await runCommand(page, 'Copy or move the selected records to another collection');
    const move = page.getByRole('alertdialog', { name: 'Copy or move records' });
    await move.getByRole('combobox', { name: 'To', exact: true }).fill('released');
    await page.getByRole('option', { name: /^released/ }).click();
    await move
      .getByRole('region', { name: 'The first records, before and after' })
      .getByText(/^Will fail/)
      .waitFor();
    await move.getByRole('radio', { name: 'Move' }).click();
    await move.getByRole('radio', { name: 'Replace it' }).click();
    await move.getByText('replaces what is there').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await move.getByRole('button', { name: 'Move 1 record' }).click();
    await bar(page).getByText('1 moved').waitFor();
    await page
      .getByRole('main')
      .getByText(`${RECORDS - 1} of ${RECORDS - 1}`, { exact: true })
      .waitFor();
    expect((await bodies('released/', farClient))[6]).toBe('{"n":6,"state":"better"}');
  });

  test('are restored from the archive, by what that costs, and brought back where they were deleted', async () => {
    await server.storage.bucket('records')?.setVersioning('enabled');
    const headers = { storageClass: 'GLACIER' };
    for (const number of [0, 1])
      await client.putObject('records', `notes/${nameOf(number)}`, Buffer.from('{}'), { headers });
    for (const number of [3, 4]) await client.deleteObject('records', `notes/${nameOf(number)}`, {});
    const left = RECORDS - 2;
    const page = await openNotes(left);

    await runCommand(page, 'Restore all records of this answer from the archive');
    const restore = page.getByRole('alertdialog', { name: 'Restore from the archive' });
    await restore.getByText(`of 2 archived records; ${left - 2} records can be read as they are`).waitFor();
    await restore.getByRole('textbox', { name: 'For days' }).fill('0');
    const start = restore.getByRole('button', { name: 'Restore 2 records' });
    expect(await start.getAttribute('aria-description')).toBe('Say for how many days, at least 1');
    await restore.getByRole('textbox', { name: 'For days' }).fill('2');
    await restore.getByRole('radio', { name: 'Bulk' }).click();
    expect(await seriousFindings(page)).toEqual([]);
    await start.click();
    await bar(page).getByText('2 asked for').waitFor();

    await runCommand(page, 'Bring back deleted records');
    const undelete = page.getByRole('alertdialog', { name: 'Undelete records' });
    await undelete.getByRole('button', { name: 'Find deleted records' }).click();
    await undelete.getByRole('checkbox', { name: nameOf(4) }).uncheck();
    expect(await seriousFindings(page)).toEqual([]);
    await undelete.getByRole('button', { name: 'Bring back 1 record' }).click();
    await bar(page).getByText('1 brought back').waitFor();
    const { objects } = await client.listObjectsV2('records', { prefix: 'notes/note-00' });
    expect(objects.map(({ key }) => key)).toEqual(
      [0, 1, 2, 3, 5, 6, 7, 8, 9].map((number) => `notes/${nameOf(number)}`),
    );
  });
});
