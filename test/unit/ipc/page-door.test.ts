import { expect, test } from 'vitest';
import type { Door } from '../../../electron/ipc/door.ts';
import { pageDoor } from '../../../electron/ipc/page-door.ts';

/** Answers with what came through. */
const open: Door = {
  connect: () => ({
    call: (_callId, channel, args) => Promise.resolve({ ok: true, value: [channel, args] }),
    cancel: () => undefined,
    close: () => undefined,
  }),
};

test('a page names no file of this machine, by whatever call', async () => {
  const page = pageDoor(open).connect(() => undefined);
  const path = '/etc/passwd';
  const refused: readonly (readonly [string, unknown])[] = [
    ['files:give', { path }],
    ['record:upload', { collection: 'a', key: 'b', path }],
    ['record:download', { collection: 'a', address: { key: 'b' }, path }],
    ['record:download', {}],
    ['record:download', null],
    ['import:inspect', { collection: 'a', source: { path }, reading: {} }],
    ['import:preview', { collection: 'a', source: { path, more: [] } }],
    ['import:forecast', { source: { path } }],
    ['jobs:start', { job: { kind: 'import', source: { path } } }],
    ['jobs:start', { job: { kind: 'import', source: { handle: 'h' }, badRows: { path } } }],
    ['jobs:start', { job: { kind: 'export', target: { path, overwrite: true } } }],
    ['connections:save', { connection: { network: { certificateAuthority: path } } }],
    ['connections:test', { draft: { network: { certificateAuthority: path } } }],
    ['connections:import', { file: { source: { text: '' }, filesFrom: '/' } }],
    ['connections:preview-import', { file: { source: { handle: 'h' }, filesFrom: '/' } }],
    ['connections:import', {}],
    ['collections:open-url', { target: { profile: 'p', files: { config: path, credentials: path } } }],
  ];
  for (const [channel, args] of refused) {
    const answer = await page.call('1', channel, args);
    expect([channel, answer]).toMatchObject([channel, { ok: false, error: { code: 'access-denied' } }]);
  }
  const passed: readonly (readonly [string, unknown])[] = [
    ['record:download', { collection: 'a', address: { key: 'b' }, path: null }],
    ['import:inspect', { collection: 'a', source: { handle: 'h' }, reading: {} }],
    ['jobs:start', { job: { kind: 'import', source: { handle: 'h' }, badRows: 'with-job' } }],
    ['connections:save', { connection: { network: { certificateAuthority: '-----BEGIN CERTIFICATE-----' } } }],
    ['connections:save', { connection: { network: { certificateAuthority: null } } }],
    ['connections:test', { draft: {} }],
    ['connections:test', { connection: 'a' }],
    ['connections:import', { file: { source: { handle: 'h' }, filesFrom: null } }],
  ];
  for (const [channel, args] of passed) {
    expect(await page.call('1', channel, args)).toEqual({ ok: true, value: [channel, args] });
  }
  // Its shell, which knows where a dropped file is, may.
  expect(await page.giveFile('1', path)).toEqual({ ok: true, value: ['files:give', { path }] });
  expect(await page.draggedFile('1', { path })).toEqual({ ok: true, value: ['exports:dragged', { path }] });
});
