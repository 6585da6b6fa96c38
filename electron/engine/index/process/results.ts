import { AppFailure } from '../../../../shared/result.ts';
import { resultClosed } from '../index-failures.ts';
import type { OpenResult } from './open-result.ts';
import type { SqlResult } from './sql-view/sql-result.ts';

/** Open results of one collection; the oldest closes when there is one more. */
const MOST_RESULTS = 32;

export type AnyResult = OpenResult | SqlResult;

/** The open results of all collections, by their handles. */
export class Results {
  readonly #results = new Map<string, AnyResult>();
  readonly #held = new Map<string, { times: number; isToClose: boolean }>();

  async add(result: AnyResult): Promise<void> {
    this.#results.set(result.handle, result);
    const ofCollection = [...this.#results.values()].filter(({ collection }) => collection === result.collection);
    for (const oldest of ofCollection.slice(0, -MOST_RESULTS)) await this.close(oldest.handle);
  }

  get(handle: string): AnyResult {
    const result = this.#results.get(handle);
    if (result !== undefined) return result;
    throw resultClosed();
  }

  /** One that a statement answered. */
  getSql(handle: string): SqlResult {
    const result = this.get(handle);
    if (result.kind === 'sql') return result;
    throw new AppFailure('invalid-arguments', 'The rows of a query are sorted by the query itself.');
  }

  /** One whose rows are records, in the order of a query. */
  getRecords(handle: string): OpenResult {
    const result = this.get(handle);
    if (result.kind === 'query') return result;
    throw new AppFailure(
      'invalid-arguments',
      'The rows of an answer in SQL are no records to be changed. Use a query.',
    );
  }

  /** Until `release` the result stays open, whoever closes it. */
  hold(handle: string): OpenResult {
    const result = this.getRecords(handle);
    const held = this.#held.get(handle) ?? { times: 0, isToClose: false };
    held.times += 1;
    this.#held.set(handle, held);
    return result;
  }

  async release(handle: string): Promise<void> {
    const held = this.#held.get(handle);
    if (held === undefined) return;
    held.times -= 1;
    if (held.times > 0) return;
    this.#held.delete(handle);
    if (held.isToClose) await this.close(handle);
  }

  async close(handle: string): Promise<void> {
    const held = this.#held.get(handle);
    if (held === undefined) await this.#closeNow(handle);
    else held.isToClose = true;
  }

  async closeAllOf(collection: string): Promise<void> {
    for (const result of this.#results.values()) {
      if (result.collection !== collection) continue;
      this.#held.delete(result.handle);
      await this.#closeNow(result.handle);
    }
  }

  /** Waits for a page that is being read. */
  async #closeNow(handle: string): Promise<void> {
    const result = this.#results.get(handle);
    if (result === undefined) return;
    this.#results.delete(handle);
    result.closed = true;
    if (result.kind === 'query') await closeHead(result);
    await result.turn;
    result.connection.closeSync();
  }
}

async function closeHead({ head, stopFilling }: OpenResult): Promise<void> {
  await stopFilling();
  if (head === null) return;
  head.closed = true;
  await head.turn;
  head.connection.closeSync();
}
