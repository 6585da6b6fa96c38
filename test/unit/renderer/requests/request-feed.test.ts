import { expect, test } from 'vitest';
import { RequestFeed, type RequestSource } from '../../../../renderer/requests/request-feed.ts';
import type { RequestEntry } from '../../../../shared/request-log.ts';
import { requestEntry } from './request-entry.ts';

/** A log as the other side keeps it, three tries a page. */
class Log implements RequestSource {
  entries: RequestEntry[] = [];
  last = 0;
  asked = 0;
  readonly #listeners = new Set<(change: { first: number; last: number }) => void>();

  add(count: number, facts: Partial<RequestEntry> = {}): void {
    for (let added = 0; added < count; added += 1) {
      this.last += 1;
      this.entries.push(requestEntry({ sequence: this.last, request: this.last, ...facts }));
    }
    this.tell();
  }

  keep(count: number): void {
    this.entries = this.entries.slice(-count);
  }

  clear(): void {
    this.entries = [];
    this.tell();
  }

  tell(): void {
    for (const listener of this.#listeners) listener({ first: this.#first(), last: this.last });
  }

  list = (after: number) => {
    this.asked += 1;
    const wanted = this.entries.filter(({ sequence }) => sequence > after);
    const entries = wanted.slice(0, 3);
    const next = entries.length < wanted.length ? (entries.at(-1)?.sequence ?? 0) : this.last;
    return Promise.resolve({ entries, first: this.#first(), last: this.last, next });
  };

  onChanged = (listener: (change: { first: number; last: number }) => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get heard(): number {
    return this.#listeners.size;
  }

  #first(): number {
    return this.entries[0]?.sequence ?? this.last + 1;
  }
}

function startFeed(log: Log) {
  const feed = new RequestFeed(log);
  const end = feed.subscribe(() => undefined);
  const shown = () => feed.state().groups.map(({ tries }) => tries.map(({ sequence }) => sequence).join('+'));
  return { feed, end, shown };
}

/** Until everything that was under way has been done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('reads on page by page, joins the tries of a request, and drops what the log drops', async () => {
  const log = new Log();
  log.add(4);
  const { shown } = startFeed(log);
  await settled();
  expect(shown()).toEqual(['1', '2', '3', '4']);
  log.add(1, { request: 2, attempt: 2 });
  log.add(3);
  await settled();
  expect(shown()).toEqual(['1', '2+5', '3', '4', '6', '7', '8']);
  log.keep(4);
  log.tell();
  await settled();
  expect(shown()).toEqual(['2+5', '6', '7', '8']);
});

test('stands still while it is paused, says how much is newer, and goes on with it', async () => {
  const log = new Log();
  log.add(2);
  const { feed, shown } = startFeed(log);
  await settled();
  feed.pause();
  log.add(3);
  log.keep(2);
  log.tell();
  await settled();
  expect([shown(), feed.state().newer]).toEqual([['1', '2'], 3]);
  feed.resume();
  await settled();
  expect([shown(), feed.state().newer]).toEqual([['4', '5'], 0]);
});

test('is empty when the log was emptied, also while paused, and begins anew with another log', async () => {
  const log = new Log();
  log.add(2);
  const { feed, shown } = startFeed(log);
  await settled();
  feed.pause();
  log.clear();
  expect(shown()).toEqual([]);
  feed.resume();
  log.add(1);
  await settled();
  expect(shown()).toEqual(['3']);

  // Another process owns the data folder, and counts from one.
  log.last = 0;
  log.entries = [];
  log.add(1);
  await settled();
  expect(shown()).toEqual(['1']);
});

test('asks nothing any more once nobody looks, and reads what it missed when somebody does again', async () => {
  const log = new Log();
  log.add(1);
  const { feed, end, shown } = startFeed(log);
  await settled();
  end();
  const { asked } = log;
  log.add(1);
  await settled();
  expect([log.heard, log.asked - asked, shown()]).toEqual([0, 0, ['1']]);
  feed.subscribe(() => undefined);
  await settled();
  expect(shown()).toEqual(['1', '2']);
});
