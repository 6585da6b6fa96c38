import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createMessages } from '../../../electron/cli/messages.ts';
import { progressLine, showProgress, transferLine } from '../../../electron/cli/shown-progress.ts';
import { createTerminal } from '../../../electron/cli/terminal.ts';
import type { SyncProgress } from '../../../shared/page.ts';

const progress: SyncProgress = {
  collection: 'c',
  state: 'reading',
  listed: 3201,
  toRead: 3201,
  read: 1200,
  unreadable: 0,
  requests: 1204,
  bytes: 629_146,
  startedAt: 0,
};

test('progress is a line with counts, rate, time left and requests, as far as they are known', () => {
  const pace = { since: 500, from: 200 };
  expect([
    progressLine(
      { ...progress, state: 'listing', listed: 45_000, toRead: 0, read: 0, requests: 45, bytes: 0 },
      null,
      900,
    ),
    progressLine({ ...progress, state: 'listing' }, pace, 1000),
    progressLine(progress, pace, 1000),
    progressLine({ ...progress, toRead: 500_000 }, pace, 1000),
    progressLine({ ...progress, toRead: 50_000_000 }, pace, 1000),
    progressLine(progress, { since: 950, from: 1100 }, 1000),
  ]).toEqual([
    'Listing, 45,000 objects so far · 45 requests · 0 B',
    'Reading 1,200 records of 3,201 objects so far · 2,000/s · 1,204 requests · 614.4 KB',
    'Reading 1,200 of 3,201 records · 2,000/s · 2 s left · 1,204 requests · 614.4 KB',
    'Reading 1,200 of 500,000 records · 2,000/s · 4 min 10 s left · 1,204 requests · 614.4 KB',
    'Reading 1,200 of 50,000,000 records · 2,000/s · 6 h 56 min left · 1,204 requests · 614.4 KB',
    'Reading 1,200 of 3,201 records · 1,204 requests · 614.4 KB',
  ]);
});

test('a file on its way is a line with bytes, pace and time left', () => {
  const transfer = {
    collection: 'c',
    path: '/tmp/a.json',
    record: { id: 'film' },
    direction: 'up',
    done: 20_971_520,
    total: 104_857_600,
  } as const;
  expect([
    transferLine(transfer, { since: 900, from: 0 }, 1000),
    transferLine(transfer, { since: 0, from: 10_485_760 }, 1000),
    transferLine({ ...transfer, direction: 'down', done: 104_857_600 }, { since: 0, from: 0 }, 10_000),
  ]).toEqual([
    'Uploading 20.0 MB of 100.0 MB',
    'Uploading 20.0 MB of 100.0 MB · 10.0 MB/s · 8 s left',
    'Downloading 100.0 MB of 100.0 MB · 10.0 MB/s · 0 s left',
  ]);
});

function terminalOn(stderr: PassThrough & { isTTY?: boolean; columns?: number }, environment = {}) {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr };
  return createTerminal(streams, environment, new AbortController().signal);
}

test('the line is drawn over itself in a terminal, makes room for messages, and is gone at the end', () => {
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
  const terminal = terminalOn(stderr);
  const shown = showProgress({ terminal, options: {} });
  shown.follow('c');
  shown.onEvent({ name: 'sync:progress', payload: { ...progress, collection: 'another' } });
  shown.onEvent({ name: 'sync:progress', payload: progress });
  createMessages(terminal, {}).note('Something.');
  shown.onEvent({ name: 'sync:progress', payload: { ...progress, state: 'done' } });
  shown.end();
  const line = '\rReading 1,200 of 3,201 records · 1,204…\u001b[K';
  expect(String(stderr.read())).toBe(`${line}\r\u001b[Kdipper: Something.\n${line}\r\u001b[K`);
});

test.each([
  ['a pipe', {}, {}, {}],
  ['a terminal that cannot redraw', { isTTY: true }, {}, { TERM: 'dumb' }],
  ['--no-progress', { isTTY: true }, { progress: false }, {}],
  ['--quiet', { isTTY: true }, { quiet: true }, {}],
])('no line is drawn with %s', (_, kind, options, environment) => {
  const stderr = Object.assign(new PassThrough(), kind);
  const shown = showProgress({ terminal: terminalOn(stderr, environment), options });
  shown.follow('c');
  shown.onEvent({ name: 'sync:progress', payload: progress });
  shown.end();
  expect(stderr.read()).toBe(null);
});
