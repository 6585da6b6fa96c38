import { AppFailure } from '../../../../shared/result.ts';
import type { OpenResult } from './open-result.ts';

/** Open results of one collection; the oldest closes when there is one more. */
const MOST_RESULTS = 32;

/** The open results of all collections, by their handles. */
export class Results {
  readonly #results = new Map<string, OpenResult>();

  async add(result: OpenResult): Promise<void> {
    this.#results.set(result.handle, result);
    const ofCollection = [...this.#results.values()].filter(({ collection }) => collection === result.collection);
    for (const oldest of ofCollection.slice(0, -MOST_RESULTS)) await this.close(oldest.handle);
  }

  get(handle: string): OpenResult {
    const result = this.#results.get(handle);
    if (result !== undefined) return result;
    throw new AppFailure('result-closed', 'This result is not open any more. Run the query again.');
  }

  /** Waits for a page that is being read. */
  async close(handle: string): Promise<void> {
    const result = this.#results.get(handle);
    if (result === undefined) return;
    this.#results.delete(handle);
    result.closed = true;
    await result.turn;
    result.connection.closeSync();
  }

  async closeAllOf(collection: string): Promise<void> {
    for (const result of this.#results.values()) if (result.collection === collection) await this.close(result.handle);
  }
}
