import { type Budget, isOver } from '../../../shared/plan.ts';
import { budgetText } from '../../../shared/plan-text.ts';
import { AppFailure } from '../../../shared/result.ts';
import { RequestMeter } from '../s3/request-meter.ts';
import { priceOfRequest, type PriceTable } from './price-table.ts';

export interface BudgetLimit {
  /** Null: anything. */
  readonly budget: Budget | null;
  /** Null where nobody bills. */
  readonly prices: PriceTable | null;
  /** Name of the connection, for the message. */
  readonly connection: string;
}

/**
 * Counts what a run sends and refuses (`ask-first`) the request that would go beyond the budget, before it is sent. Requests
 * count when they are begun, so that many at once do not go beyond it together.
 */
export class BudgetMeter extends RequestMeter {
  readonly #terms: BudgetLimit | null;
  #isLifted = false;
  #begun = 0;
  #dollars = 0;

  /** Null: no limit, and nobody asks what it costs. */
  constructor(terms: BudgetLimit | null) {
    super();
    this.#terms = terms;
  }

  /** What the requests cost that were begun; null where nobody bills. */
  get dollars(): number | null {
    return this.#prices === null ? null : this.#dollars;
  }

  /** The same limit, for work whose requests are counted by themselves. */
  apart(): BudgetMeter {
    return new BudgetMeter(this.#terms);
  }

  get isUnlimited(): boolean {
    return this.#isLifted || (this.#terms?.budget ?? null) === null;
  }

  /** Somebody who may spend what it takes waits for the same work. */
  lift(): void {
    this.#isLifted = true;
  }

  /**
   * A body of this class is about to be read: what it costs beyond a GET of STANDARD, which is all that `permit` knows of.
   * Refuses like it.
   */
  expect(storageClass: string, bytes: number): void {
    const prices = this.#prices;
    if (prices === null) return;
    const own = priceOfRequest(prices, 'GetObject', storageClass, bytes);
    const usual = priceOfRequest(prices, 'GetObject', null, 0);
    this.#refuseBeyond(0, own);
    this.#dollars += own - usual;
  }

  override permit(operation: string): void {
    const prices = this.#prices;
    const price = prices === null ? 0 : priceOfRequest(prices, operation, null, 0);
    this.#refuseBeyond(1, price);
    this.#begun += 1;
    this.#dollars += price;
  }

  /** Refuses before the first of many requests where not all of them can be sent. */
  need(operation: string, count: number): void {
    const prices = this.#prices;
    this.#refuseBeyond(count, prices === null ? 0 : count * priceOfRequest(prices, operation, null, 0));
  }

  get #prices(): PriceTable | null {
    return this.#terms?.prices ?? null;
  }

  #refuseBeyond(requests: number, dollars: number): void {
    const budget = this.#terms?.budget ?? null;
    if (this.#terms === null || budget === null || this.#isLifted) return;
    const { prices, connection } = this.#terms;
    if (isOver(budget, this.#begun + requests, prices === null ? null : this.#dollars + dollars)) {
      throw new AppFailure(
        'ask-first',
        `The budget of connection "${connection}" for one run, ${budgetText(budget)}, does not reach. What was read stays in the index.`,
      );
    }
  }
}
