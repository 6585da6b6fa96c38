import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../shared/connection.ts';
import { createS3Client } from '../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../electron/engine/s3/s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, addConnection, callAsPage } from './support/contract.ts';
import { runCommand } from './support/run-command.ts';
import { seriousFindings } from './support/serious-findings.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

const ROWS = 260;
const BAD = 37;

/** Every 7th age is none, up to 37 of them. */
const CSV = `no,name,age,city\n${Array.from({ length: ROWS }, (_, row) => {
  const isBad = row % 7 === 5 && row < 7 * BAD;
  return `${String(row).padStart(4, '0')},Person ${row},${isBad ? 'unknown' : 20 + (row % 60)},Bergen\n`;
}).join('')}`;

let server: TestSandbox;
let client: S3Client;
let dipper: OpenDipper | null = null;

beforeEach(async () => {
  server = await startTestSandbox({ buckets: ['records'] });
  client = createS3Client(targetOf(server));
});

afterEach(async () => {
  await dipper?.close();
  await client.close();
  await server.stop();
  dipper = null;
});

async function openPeople({ page }: OpenDipper): Promise<Connection> {
  const connection = await addConnection(page, 'Archive', server);
  await addCollection(page, { connectionId: connection.id, name: 'people', bucket: 'records', prefix: 'people/' });
  await page.getByRole('treeitem', { name: /^people/ }).click();
  await page.getByRole('heading', { name: 'people has no records' }).waitFor();
  return connection;
}

async function drop(page: Page, name: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content ?? ''], fileName ?? ''));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
}

async function choose(page: Page, select: Locator, option: string): Promise<void> {
  await select.click();
  await page.getByRole('option', { name: option }).click();
}

const figure = (dialog: Locator, name: string): Promise<string | null> =>
  dialog
    .getByRole('region', { name: 'Dry run' })
    .locator('div', { has: dialog.page().getByText(name, { exact: true }) })
    .locator('dd')
    .textContent();

const inBrowser = SHELLS.filter(({ name }) => name === 'browser');

describe.each(inBrowser)('by a page, an import', ({ open }) => {
  test('of a dropped CSV shows what its rows become, counts them in a dry run, writes them, and offers the bad ones', async () => {
    dipper = await open();
    const { page } = dipper;
    await openPeople(dipper);
    await drop(page, 'people.csv', CSV);
    const dialog = page.getByRole('dialog', { name: 'Import into people' });
    await dialog.getByText('people.csv', { exact: true }).waitFor();
    const body = dialog.getByLabel('Body of the object');

    // Zeros in front are kept; an age that is none is told of its row once the column is one of numbers.
    await body.getByText('"no": "0000"').waitFor();
    await dialog.getByRole('textbox', { name: 'Id of a record' }).fill('{field:no}');
    await dialog.getByRole('textbox', { name: 'Field of city' }).fill('address.city');
    await dialog.getByRole('checkbox', { name: 'name is also a tag' }).check();
    await choose(page, dialog.getByRole('combobox', { name: 'Type of age' }), 'whole number');
    await dialog.getByText('people/0000.json').waitFor();
    await body.getByText('"city": "Bergen"').waitFor();
    await dialog.getByText('name=Person 0').waitFor();
    await dialog.getByText(/^7 bad rows of the first 50$/).waitFor();
    await dialog.getByRole('button', { name: 'Compare costs' }).click();
    const costs = dialog.getByRole('table', { name: 'Storage classes and what they cost' });
    await costs.getByRole('radio', { name: 'Standard-IA' }).check();
    await costs
      .getByText(/^Costs [\d,]+ times more: records are \d+ B, and each is billed as 128\.0 KB\.$/)
      .first()
      .waitFor();
    expect(await seriousFindings(page, { within: '[role="dialog"]' })).toEqual([]);

    await dialog.getByRole('button', { name: 'Dry run' }).click();
    await dialog.getByText(`All ${ROWS} rows, against what is there now`).waitFor();
    expect([await figure(dialog, 'new'), await figure(dialog, 'invalid')]).toEqual([String(ROWS - BAD), String(BAD)]);
    expect((await client.listObjectsV2('records', {})).objects).toEqual([]);
    await dialog.getByRole('button', { name: `Import ${ROWS - BAD} records` }).click();
    await dialog.waitFor({ state: 'detached' });

    const bar = page.getByRole('contentinfo', { name: 'Jobs' });
    await bar
      .getByText(`${ROWS - BAD} imported, ${BAD} failed`)
      .first()
      .waitFor();
    await page
      .getByRole('main')
      .getByText(`${ROWS - BAD} of ${ROWS - BAD}`, { exact: true })
      .waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      bar.getByRole('button', { name: 'Save the bad rows' }).click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/^import-people-\d{4}-\d\d-\d\d-bad-rows\.csv$/);
    const lines = (await readFile(await saved.path(), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(BAD + 1);
    expect(lines[1]).toMatch(/^"line 7: .*age.*",0005,Person 5,unknown,Bergen$/);
    const written = await client.getObject('records', 'people/0001.json', {});
    expect(written.head.storageClass).toBe('STANDARD_IA');
    expect(JSON.parse(Buffer.from(written.body).toString())).toEqual({
      no: '0001',
      name: 'Person 1',
      age: 21,
      address: { city: 'Bergen' },
    });
  });

  test('says in place what is no source, and what differs from what is there', async () => {
    dipper = await open({ width: 1920, height: 1080, theme: 'dark' });
    const { page } = dipper;
    await client.putObject('records', 'people/ann.json', Buffer.from('{"id": "ann", "age": 30}'), {});
    const connection = await addConnection(page, 'Archive', server);
    await addCollection(page, { connectionId: connection.id, name: 'people', bucket: 'records', prefix: 'people/' });
    await page.getByRole('treeitem', { name: /^people/ }).click();
    await page.getByRole('main').getByText('1 of 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Import a file or folder' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import into people' });

    await dialog.getByRole('textbox', { name: 'Key' }).fill('exports/none.csv');
    await dialog.getByRole('button', { name: 'Take this object' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/none\.csv/)
      .waitFor();
    await dialog.getByRole('button', { name: 'Another source' }).click();

    await dialog.getByRole('textbox', { name: 'Rows' }).fill('{"id": "ann", "age": 31}\n{"id": "ben", "age": 5}\n');
    await dialog.getByRole('button', { name: 'Take these rows' }).click();
    await dialog.getByText('people/ann.json').waitFor();
    await dialog.getByRole('radio', { name: 'overwrite' }).click();
    await dialog.getByRole('button', { name: 'Dry run' }).click();
    const change = dialog
      .getByRole('region', { name: 'Dry run' })
      .getByRole('listitem')
      .filter({ hasText: 'ann.json' });
    expect(await change.locator('del').textContent()).toBe('30');
    expect(await change.locator('ins').textContent()).toBe('31');
    expect(await seriousFindings(page, { within: '[role="dialog"]' })).toEqual([]);
    // Another key is another import: the dry run is of the one before.
    await dialog.getByRole('textbox', { name: 'Id of a record' }).fill('{nothing}');
    await dialog.getByText(/holds "\{nothing\}", which stands for nothing/).waitFor();
    await dialog.getByText('before the last change: run it again').waitFor();
  });
});

describe.each(inBrowser)('the storage class', ({ open }) => {
  test('of a record is chosen in its inspector by what it costs for this very record, and changed by a job', async () => {
    dipper = await open();
    const { page } = dipper;
    await client.putObject('records', 'people/ann.json', Buffer.from('{"id": "ann", "age": 30}'), {});
    const connection = await addConnection(page, 'Archive', server);
    await addCollection(page, { connectionId: connection.id, name: 'people', bucket: 'records', prefix: 'people/' });
    await page.getByRole('treeitem', { name: /^people/ }).click();
    await page.getByRole('gridcell', { name: 'ann', exact: true }).first().dblclick();
    await page.getByRole('tab', { name: 'Object' }).click();
    await page.getByRole('button', { name: 'Change the class' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Change the storage class' });
    await dialog.getByText('Where they are now.').waitFor();
    await dialog.getByRole('radio', { name: 'Glacier IR' }).check();
    expect(await seriousFindings(page, { within: '[role="alertdialog"]' })).toEqual([]);
    await dialog.getByRole('button', { name: 'Move 1 record' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByRole('contentinfo', { name: 'Jobs' })
      .getByText(/: 1 set$/)
      .waitFor();
    expect((await client.headObject('records', 'people/ann.json', {})).storageClass).toBe('GLACIER_IR');
  });

  test('of all records is chosen by rules on size and fields, with how many go where', async () => {
    dipper = await open();
    const { page } = dipper;
    const bodies = { ann: { age: 30 }, ben: { age: 70 }, eve: { age: 40, text: 'x'.repeat(200_000) } };
    for (const [id, fields] of Object.entries(bodies)) {
      await client.putObject('records', `people/${id}.json`, Buffer.from(JSON.stringify(fields)), {});
    }
    const connection = await addConnection(page, 'Archive', server);
    await addCollection(page, { connectionId: connection.id, name: 'people', bucket: 'records', prefix: 'people/' });
    await page.getByRole('treeitem', { name: /^people/ }).click();
    await page.getByRole('gridcell', { name: 'ann', exact: true }).first().waitFor();
    await runCommand(page, 'Change the storage class of all records of this answer');
    const dialog = page.getByRole('alertdialog', { name: 'Change the storage class' });
    await dialog.getByRole('button', { name: 'Choose it by a rule' }).click();
    await dialog.getByText('1 record in Standard-IA').waitFor();
    await dialog.getByRole('button', { name: 'Add a rule' }).click();
    const second = dialog.getByRole('textbox', { name: 'Conditions of rule 2' });
    await second.fill('@tag.a exists');
    await dialog.getByText(/^No rule for classes asks for @tag\./).waitFor();
    await second.fill('age > 60 and @last_modified within_last 1 days');
    await choose(page, dialog.getByRole('combobox', { name: 'Class of rule 2' }), 'Glacier IR');
    await dialog
      .getByRole('status')
      .getByText(/1 record in Glacier IR/)
      .waitFor();
    expect(await seriousFindings(page, { within: '[role="alertdialog"]' })).toEqual([]);
    await dialog.getByRole('button', { name: 'Move 3 records' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByRole('contentinfo', { name: 'Jobs' })
      .getByText(/: 2 set/)
      .waitFor();
    const { objects } = await client.listObjectsV2('records', { prefix: 'people/' });
    expect(objects.map(({ storageClass }) => storageClass)).toEqual(['STANDARD', 'GLACIER_IR', 'STANDARD_IA']);
  });
});

/** Every 20th row has no value but its name, up to 37 of them. */
const MANY = 900;
const BROKEN = `id,n\n${Array.from({ length: MANY }, (_, row) => {
  const isBad = row % 20 === 3 && row < 20 * BAD;
  return isBad ? `${row}\n` : `${row},${row}\n`;
}).join('')}`;

describe.each(SHELLS)('in $name, an import', ({ name, open, available }) => {
  test.runIf(available)(
    'of what the system drops goes on after Dipper was killed in its middle, and its bad rows are kept',
    async () => {
      dipper = await open();
      const { page, dataFolder, processId } = dipper;
      const connection = await openPeople(dipper);
      const folder = join(dataFolder, 'dropped');
      await mkdir(join(folder, 'inner'), { recursive: true });
      await writeFile(join(folder, 'inner', 'ann.json'), '{"age": 30}');
      await dropFile(page, folder);
      const dialog = page.getByRole('dialog', { name: 'Import into people' });
      await dialog.getByText('people/inner/ann.json').waitFor();
      const file = join(dataFolder, 'many.csv');
      await writeFile(file, BROKEN);
      await dropFile(page, file);
      await dialog.getByText('people/0.json').waitFor();
      // The window reads it where it is.
      if (name === 'Electron') expect(await readdir(join(dataFolder, 'given'))).toEqual([]);

      server.faults.set([{ operation: 'PutObject', fault: { kind: 'delay', milliseconds: 200 } }]);
      await dialog.getByRole('button', { name: 'Import all rows' }).click();
      await expect.poll(countObjects, { timeout: 20_000, interval: 20 }).toBeGreaterThan(10);
      process.kill(processId, 'SIGKILL');
      await dipper.close({ keepData: true });
      server.faults.set([]);
      expect(await countObjects()).toBeLessThan(MANY - BAD);

      dipper = await open({ dataFolder });
      const next = dipper.page;
      // Its keys were in memory: they are given again, and the job is told to go on.
      const secret = { secretAccessKey: server.secretAccessKey, sessionToken: null };
      await callAsPage(next, 'connections:save', { connection, secret });
      // The panel comes back open where its state was on disk by then.
      const jobs = next.getByRole('button', { name: /^Jobs/ });
      if ((await jobs.getAttribute('aria-pressed')) !== 'true') await jobs.click();
      await next
        .getByRole('button', { name: /^Resume: Import/ })
        .first()
        .click();
      await next
        .getByText(`${MANY - BAD} imported, ${BAD} failed`)
        .first()
        .waitFor();
      expect(await countObjects()).toBe(MANY - BAD);
      if (name === 'Electron') return;
      const [saved] = await Promise.all([
        next.waitForEvent('download'),
        next.getByRole('button', { name: 'Save the bad rows' }).first().click(),
      ]);
      const lines = (await readFile(await saved.path(), 'utf8')).trimEnd().split('\n');
      expect([lines.length, lines[1]]).toEqual([BAD + 1, '"line 5: The row has 1 value, not 2 as the others.",3']);
    },
  );
});

async function countObjects(): Promise<number> {
  return (await client.listObjectsV2('records', {})).objects.length;
}

/** As the system does it, which alone knows where a file is: an event of the page's own has none. */
async function dropFile(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
  }
  await session.detach();
}
