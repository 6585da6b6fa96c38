import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { IN_SQL, ResultSession } from '../../../renderer/query/result-session.ts';
import type { EventMessage } from '../../../shared/bridge.ts';
import type { OpenedQuery, ResultPage, SyncProgress } from '../../../shared/page.ts';
import type { AppError } from '../../../shared/result.ts';

/** The other side of the contract, answered by hand: one line of `log` a call. */
const log: string[] = [];
const waiting: { readonly channel: string; readonly settle: (answer: unknown, error?: AppError) => void }[] = [];
const spendings: unknown[] = [];
const subscribers = new Set<(event: EventMessage) => void>();

const bridge = {
  invoke: (channel: string, args: Record<string, unknown>) =>
    new Promise((resolve) => {
      log.push(`${channel} ${String(args['query'] ?? args['result'] ?? args['collection'])}`);
      if (channel === 'query:open') spendings.push(args['spending']);
      if (channel === 'query:close' || channel === 'query:stop-sync') resolve({ ok: true, value: null });
      else {
        waiting.push({
          channel,
          settle: (value, error) => resolve(error === undefined ? { ok: true, value } : { ok: false, error }),
        });
      }
    }),
  cancel: () => log.push('cancel'),
  subscribe: (listener: (event: EventMessage) => void) => {
    subscribers.add(listener);
    return () => subscribers.delete(listener);
  },
};

vi.stubGlobal('window', { dipper: bridge });
afterAll(() => vi.unstubAllGlobals());

async function settled(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}

async function answer(channel: string, value: unknown, error?: AppError): Promise<void> {
  const at = waiting.findIndex((each) => each.channel === channel);
  expect(at, `a call of ${channel} is waiting`).not.toBe(-1);
  waiting.splice(at, 1)[0]?.settle(value, error);
  await settled();
}

function opened(result: string, change: Partial<OpenedQuery> = {}): OpenedQuery {
  return {
    result,
    total: 2,
    records: 2,
    unreadable: 0,
    complete: true,
    notes: [],
    syncing: false,
    syncedAt: 1,
    version: 1,
    columns: [],
    statistics: { requests: {}, bytes: 0, scanned: 2, milliseconds: 1 },
    ...change,
  };
}

const PAGE: ResultPage = {
  from: 0,
  keys: ['a', 'b'],
  ids: ['a', 'b'],
  forms: ['plain', 'plain'],
  etags: ['1', '2'],
  sizes: [1, 1],
  lastModified: [null, null],
  storageClasses: ['STANDARD', 'STANDARD'],
  problems: [null, null],
  columns: [],
};

function progress(change: Partial<SyncProgress>): void {
  const payload: SyncProgress = {
    collection: 'movies',
    state: 'reading',
    listed: 10,
    toRead: 10,
    read: 1,
    unreadable: 0,
    requests: 1,
    bytes: 0,
    startedAt: 0,
    ...change,
  };
  for (const listener of subscribers) listener({ name: 'sync:progress', payload });
}

async function sessionWith(first: OpenedQuery): Promise<ResultSession> {
  const session = new ResultSession('movies');
  void session.run('{}', 'first-rows');
  await answer('query:open', first);
  await answer('query:page', PAGE);
  log.length = 0;
  return session;
}

beforeEach(() => {
  log.length = 0;
  spendings.length = 0;
  waiting.length = 0;
});

test('the rows on screen stay until the first rows of the next query are here, and only then its result is closed', async () => {
  const session = await sessionWith(opened('one'));
  void session.run('{"where":1}', 'first-rows');
  await answer('query:open', opened('two'));
  expect([session.state().answer?.opened.result, session.state().running]).toEqual(['one', true]);
  await answer('query:page', PAGE);
  const { answer: shown, running } = session.state();
  expect([shown?.opened.result, shown?.epoch, running, log.at(-1)]).toEqual(['two', 1, false, 'query:close one']);
});

test('a query that another one replaces is cancelled and is no failure', async () => {
  const session = await sessionWith(opened('one'));
  void session.run('{"where":1}', 'first-rows');
  void session.run('{"where":2}', 'first-rows');
  await settled();
  expect([log, session.state().failure, session.state().asked]).toEqual([
    ['query:open {"where":1}', 'cancel', 'query:open {"where":2}'],
    null,
    '{"where":2}',
  ]);
});

test('an answer out of a first sync is asked again as it grows and when it ends', async () => {
  const session = await sessionWith(opened('one', { complete: false, records: 100 }));
  progress({ read: 150 });
  expect(log).toEqual([]);
  progress({ read: 200 });
  expect(log).toEqual(['query:open {}']);
  await answer('query:open', opened('two', { complete: false, records: 200 }));
  await answer('query:page', PAGE);
  progress({ state: 'done', read: 300 });
  await answer('query:open', opened('three', { records: 300 }));
  await answer('query:page', PAGE);
  expect([session.state().answer?.opened.result, session.state().answer?.epoch]).toEqual(['three', 0]);
});

test('after Stop nothing is read again by itself, and what was read stays', async () => {
  const session = await sessionWith(opened('one', { complete: false, records: 100 }));
  await session.stop();
  progress({ state: 'cancelled', read: 150 });
  await settled();
  expect([log, session.state().answer?.opened.result, session.state().failure]).toEqual([
    ['query:stop-sync movies'],
    'one',
    null,
  ]);
});

test('a sync that fails behind the rows is said and taken back by the next one that goes on', async () => {
  const session = await sessionWith(opened('one'));
  const error: AppError = { code: 'connection-refused', message: 'Nobody listens.', retryable: true };
  progress({ state: 'failed', error });
  expect(session.state().failure).toEqual(error);
  progress({ state: 'listing' });
  expect([session.state().failure, session.state().answer?.opened.result]).toEqual([null, 'one']);
});

test('a query that the index process took down with it is asked once more, and that is said until the next run', async () => {
  const session = await sessionWith(opened('one'));
  const ended: AppError = { code: 'index-restarted', message: 'The index process ended.', retryable: true };
  void session.run('{"where":1}', 'complete');
  await answer('query:open', null, ended);
  expect([log, session.state().interrupted, session.state().failure]).toEqual([
    ['query:open {"where":1}', 'query:open {"where":1}'],
    true,
    null,
  ]);
  await answer('query:open', null, ended);
  expect([session.state().running, session.state().failure?.code]).toEqual([false, 'index-restarted']);
  void session.run('{}', 'complete');
  expect(session.state().interrupted).toBe(false);
});

test('rows of a result that is gone are asked for by the same query again', async () => {
  const session = await sessionWith(opened('one', { total: 1000 }));
  session.state().answer?.pages.want(600, 640);
  await answer('query:page', null, { code: 'result-closed', message: 'This result is closed.', retryable: true });
  expect([log.includes('query:open {}'), session.state().failure]).toEqual([true, null]);
});

test('news of the index is offered, never put under the reader', async () => {
  const session = await sessionWith(opened('one', { version: 7 }));
  changed(8);
  await settled();
  expect([session.state().newer, session.state().answer?.opened.result, log]).toEqual([true, 'one', []]);
});

test('news that comes while the first rows of an older answer are on their way is offered with them', async () => {
  const session = await sessionWith(opened('one', { version: 7 }));
  void session.run('{"where":1}', 'first-rows');
  await answer('query:open', opened('two', { version: 7 }));
  changed(8);
  await answer('query:page', PAGE);
  expect([session.state().newer, session.state().answer?.opened.result]).toEqual([true, 'two']);
  void session.rerun('held');
  await answer('query:open', opened('three', { version: 8 }));
  await answer('query:page', PAGE);
  expect([session.state().newer, session.state().answer?.opened.result]).toEqual([false, 'three']);
});

function changed(version: number): void {
  for (const listener of subscribers) {
    listener({ name: 'collection:changed', payload: { collection: 'movies', version } });
  }
}

function columns(...names: readonly string[]): OpenedQuery['columns'] {
  return names.map((name) => ({ name, field: null, kind: 'string' }));
}

test('rows of a statement are sorted without asking it again, and stay sorted by the columns that its next answer has', async () => {
  const session = new ResultSession('movies', IN_SQL);
  void session.run('SELECT 1', 'first-rows');
  await answer('sql:open', opened('one', { columns: columns('title', 'year') }));
  await answer('query:page', PAGE);
  log.length = 0;
  void session.sortBy([{ field: 'year', direction: 'desc' }]);
  await answer('sql:sort', null);
  // The header says it at once, so that a second press goes on from there; the rows of before stand until the new ones are here.
  expect([session.state().answer?.sort, session.state().answer?.epoch]).toEqual([
    [{ field: 'year', direction: 'desc' }],
    0,
  ]);
  await answer('query:page', PAGE);
  expect([log, session.state().answer?.sort, session.state().answer?.epoch]).toEqual([
    ['sql:sort one', 'query:page one'],
    [{ field: 'year', direction: 'desc' }],
    1,
  ]);

  void session.rerun('forced');
  await answer('sql:open', opened('two', { columns: columns('title', 'year') }));
  await answer('sql:sort', null);
  await answer('query:page', PAGE);
  expect([session.state().answer?.sort, log.at(-1)]).toEqual([
    [{ field: 'year', direction: 'desc' }],
    'query:close one',
  ]);
  void session.run('SELECT 2', 'first-rows');
  await answer('sql:open', opened('three', { columns: columns('year') }));
  await answer('query:page', PAGE);
  expect(session.state().answer?.sort).toEqual([]);
});

const PLAN = { requests: [], tags: { toRead: 5 }, budget: null };
const ASK: AppError = { code: 'ask-first', message: 'Tags.', retryable: false };

test('a run that costs more than may be spent unasked waits for an answer, and goes on whatever it takes', async () => {
  const session = await sessionWith(opened('one'));
  void session.run('{"tag":1}', 'first-rows');
  await answer('query:open', null, ASK);
  await answer('query:plan', PLAN);
  const { question, running, failure, answer: before } = session.state();
  expect([question?.plan, running, failure, before?.opened.result]).toEqual([PLAN, false, null, 'one']);
  expect(spendings).toEqual(['ask', 'ask']);

  void session.allow();
  expect([session.state().question, session.state().running, spendings.at(-1)]).toEqual([null, true, 'anything']);
  await answer('query:open', opened('two', { complete: false, records: 1 }));
  await answer('query:page', PAGE);
  // What goes on by itself is the same run.
  progress({ state: 'done' });
  await settled();
  expect(spendings.at(-1)).toBe('anything');
  await answer('query:open', opened('three'));
  await answer('query:page', PAGE);
  void session.run('{"tag":1}', 'first-rows');
  expect(spendings.at(-1)).toBe('ask');
});

test('a run that is given up leaves the rows as they are, and the next news asks the query that they are of', async () => {
  const session = await sessionWith(opened('one'));
  void session.run('{"tag":1}', 'forced', { tagsReadBefore: 7 });
  await answer('query:open', null, ASK);
  await answer('query:plan', PLAN);
  session.decline();
  const { question, running, answer: kept } = session.state();
  expect([question, running, kept?.opened.result]).toEqual([null, false, 'one']);
  void session.rerun('first-rows');
  expect(log.at(-1)).toBe('query:open {}');
});
