import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { attachToDataFolder, scriptsIn, type Attachment } from '../../../electron/application.ts';
import { createHandlers } from '../../../electron/handlers/create-handlers.ts';
import type { Handlers } from '../../../electron/handlers/handler.ts';
import type { Services } from '../../../electron/handlers/services.ts';
import { createCaller } from '../../../electron/ipc/caller.ts';
import { pageDoor, type PageSession } from '../../../electron/ipc/page-door.ts';
import { readWindowMenus } from '../../../electron/ipc/window-menu-schema.ts';
import { COLLECTION_DEFAULTS } from '../../../shared/collection.ts';
import { seededRandom } from '../../unit/s3/seeded-random.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import { connectionTo, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { fitsSchema, type Schema } from './support/fits-schema.ts';
import { createMessageMaker } from './support/random-messages.ts';

const long = process.env['DIPPER_TEST_LONG'] !== undefined;
const SEED = Number(process.env['DIPPER_TEST_SEED'] ?? 20_261_129);

/**
 * What stays with Dipper and the server of this test. Others start programs, read a person's own files, or go where the
 * message says, which may be a server that is somebody's: their validators are asked all the same.
 */
const OWN_NOUNS = new Set(
  'application settings collections buckets views workspace query sql saved-queries record uploads drafts jobs promote import files storage exports ledger requests diagnostics'.split(
    ' ',
  ),
);
const OWN_OTHERS = new Set(['connections:list', 'connections:remove']);
const TO_ELSEWHERE = new Set(['collections:open-url']);

function staysHere(channel: string): boolean {
  return !TO_ELSEWHERE.has(channel) && (OWN_OTHERS.has(channel) || OWN_NOUNS.has(channel.split(':')[0] ?? ''));
}

const PLACE = { connectionId: 'here', bucket: 'people', prefix: '', codec: 'plain', ...COLLECTION_DEFAULTS } as const;

let spawner: TestSpawner;
let sandbox: TestSandbox;
let folder: string;
let attachment: Attachment;
let page: PageSession;
const mistakes: string[] = [];

beforeAll(async () => {
  spawner = await buildIndexProcess();
  sandbox = await startTestSandbox({ buckets: ['people'] });
  folder = await mkdtemp(join(tmpdir(), 'dipper-fuzz-'));
  attachment = await attachToDataFolder({
    dataFolder: join(folder, 'data'),
    downloadsFolder: join(folder, 'downloads'),
    shell: 'desktop',
    version: '1.2.3',
    scripts: scriptsIn('dist/node'),
    spawnIndexProcess: spawner.spawn,
    reportMistake: (place, error) => {
      mistakes.push(`${place}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },
  });
  page = pageDoor(attachment.door).connect(() => undefined);
}, 60_000);

afterAll(async () => {
  page.close();
  await attachment.close();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
  await spawner.remove();
});

/** The collection, the connection and some records, which a message may have removed. */
async function setTheScene(): Promise<void> {
  const connection = connectionTo(sandbox, { id: 'here', name: 'Here' });
  const { secretAccessKey } = sandbox;
  const caller = createCaller(attachment.door);
  await caller.call('connections:save', { connection, secret: { secretAccessKey, sessionToken: null } });
  await caller.call('collections:save', { collection: { ...PLACE, id: 'people', name: 'People' } });
  for (const id of ['ann', 'ben']) {
    await caller.call('record:create', { collection: 'people', id, record: '{"n": 1}', ifExists: 'replace' });
  }
  caller.close();
}

/** The handlers as they are made; nothing here runs one, so their services have any member, and do nothing. */
function allHandlers(): Handlers {
  const anything: object = new Proxy(() => undefined, { get: () => anything });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return createHandlers(anything as Services);
}

test('no random message passes a validator that its schema does not allow', () => {
  const random = seededRandom(SEED);
  const maker = createMessageMaker(random, {});
  const handlers = allHandlers();
  const passed: string[] = [];
  const counts = { allowed: 0, refused: 0 };
  for (const [channel, handler] of Object.entries(handlers)) {
    const schema: Schema = handler.describeArgs();
    for (let turn = 0; turn < (long ? 3_000 : 20); turn += 1) {
      const message = turn % 4 === 0 ? maker.fitting(schema) : maker.mutated(schema);
      const { ok } = handler.check(message);
      counts[ok ? 'allowed' : 'refused'] += 1;
      if (ok && !fitsSchema(schema, message)) passed.push(`${channel} ${shown(message)}`);
    }
  }
  expect(passed).toEqual([]);
  // Both kinds are there in number, or the test would say nothing.
  expect(Math.min(counts.allowed, counts.refused)).toBeGreaterThan(300);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test(
  'random messages on every channel, and on none, are answered, and none is a mistake',
  { timeout: long ? 3_600_000 : 60_000 },
  async () => {
    const random = seededRandom(SEED + 1);
    const maker = createMessageMaker(random, {
      connection: ['here', 'sandbox'],
      collection: ['people'],
      collectionId: ['people'],
      connectionId: ['here'],
      to: ['people'],
      bucket: ['people'],
      key: ['ann.json', 'ben.json', 'none.json'],
    });
    const all = Object.entries(allHandlers()).flatMap(([channel, handler]): readonly (readonly [string, Schema])[] =>
      staysHere(channel) ? [[channel, handler.describeArgs()]] : [],
    );
    const wrong: string[] = [];
    let calls = 0;
    /** Named by the failure where one is never answered. */
    const asked = new Set<string>();
    onTestFailed(() => {
      process.stderr.write(`not answered: ${[...asked].join('\n')}\n`);
    });
    const ask = async (channel: string, message: unknown, mayFit: boolean): Promise<void> => {
      calls += 1;
      const name = `${channel} ${shown(message)}`;
      asked.add(name);
      const result = await page.call(`call-${calls}`, channel, message);
      asked.delete(name);
      if (result.ok ? !mayFit : result.error.code === 'internal') wrong.push(`${channel} ${shown(message)}`);
    };
    for (let turn = 0; turn < (long ? 300 : 2); turn += 1) {
      if (turn % 3 === 0) await setTheScene();
      for (const [channel, schema] of all) {
        const messages = [maker.fitting(schema), maker.mutated(schema), maker.mutated(schema)];
        await Promise.all(messages.map((message) => ask(channel, message, fitsSchema(schema, message))));
      }
      for (const channel of ['', 'constructor', '__proto__', 'query:open ', 'x'.repeat(10_000)]) {
        await ask(channel, maker.fitting({}), false);
      }
    }
    expect(wrong).toEqual([]);
    expect(mistakes).toEqual([]);
    expect(await page.call('last', 'application:state', {})).toMatchObject({ ok: true, value: { version: '1.2.3' } });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  },
);

test('random menu bars are taken for none, or hold nothing but what a menu has', () => {
  const random = seededRandom(SEED + 2);
  const maker = createMessageMaker(random, {});
  const text: Schema = { type: 'string', minLength: 1, maxLength: 100 };
  const item: Schema = {
    type: 'object',
    properties: {
      id: text,
      label: text,
      shortcut: { type: ['string', 'null'], maxLength: 40 },
      state: { type: 'string', enum: ['enabled', 'disabled', 'hidden'] },
      checked: { type: ['boolean', 'null'] },
    },
    required: ['id', 'label', 'shortcut', 'state', 'checked'],
    additionalProperties: false,
  };
  const sections: Schema = { type: 'array', items: { type: 'array', items: item } };
  const menu: Schema = {
    type: 'object',
    properties: { name: { type: 'string', enum: ['File', 'Record', 'Collection', 'View', 'Help'] }, sections },
    required: ['name', 'sections'],
    additionalProperties: false,
  };
  const menus: Schema = { type: 'array', items: menu, maxItems: 5 };
  for (let turn = 0; turn < (long ? 20_000 : 500); turn += 1) {
    const message = turn % 4 === 0 ? maker.fitting(menus) : maker.mutated(menus);
    if (readWindowMenus(message) !== null) expect(fitsSchema(menus, message), shown(message)).toBe(true);
  }
});

function shown(message: unknown): string {
  try {
    const text = JSON.stringify(message, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
    return (text ?? 'undefined').slice(0, 400);
  } catch {
    return '(too deep to be shown)';
  }
}
