import { type Budget, isOver } from '../../../shared/plan.ts';
import { AppFailure } from '../../../shared/result.ts';
import { RequestMeter } from '../s3/request-meter.ts';
import { priceOfRequest, type PriceTable } from './price-table.ts';

export interface BudgetLimit {
  readonly budget: Budget;
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
  #limit: BudgetLimit | null;
  #begun = 0;
  #dollars = 0;

  constructor(limit: BudgetLimit | null) {
    super();
    this.#limit = limit;
  }

  /** The same limit, for work whose requests are counted by themselves. */
  apart(): BudgetMeter {
    return new BudgetMeter(this.#limit);
  }

  get isUnlimited(): boolean {
    return this.#limit === null;
  }

  /** Somebody who may spend what it takes waits for the same work. */
  lift(): void {
    this.#limit = null;
  }

  /**
   * A body of this class is about to be read: what it costs beyond a GET of STANDARD, which is all that `permit` knows of.
   * Refuses like it.
   */
  expect(storageClass: string, bytes: number): void {
    const prices = this.#limit?.prices ?? null;
    if (prices === null) return;
    const own = priceOfRequest(prices, 'GetObject', storageClass, bytes);
    const usual = priceOfRequest(prices, 'GetObject', null, 0);
    this.#refuseBeyond(0, own);
    this.#dollars += own - usual;
  }

  override permit(operation: string): void {
    const prices = this.#limit?.prices ?? null;
    const price = prices === null ? 0 : priceOfRequest(prices, operation, null, 0);
    this.#refuseBeyond(1, price);
    this.#begun += 1;
    this.#dollars += price;
  }

  /** Refuses before the first of many requests where not all of them can be sent. */
  need(operation: string, count: number): void {
    const prices = this.#limit?.prices ?? null;
    this.#refuseBeyond(count, prices === null ? 0 : count * priceOfRequest(prices, operation, null, 0));
  }

  #refuseBeyond(requests: number, dollars: number): void {
    if (this.#limit === null) return;
    const { budget, prices, connection } = this.#limit;
    if (isOver(budget, this.#begun + requests, prices === null ? null : this.#dollars + dollars)) {
      throw new AppFailure(
        'ask-first',
        `The budget of connection "${connection}" for one run, ${budgetWords(budget)}, does not reach. What was read stays in the index.`,
      );
    }
  }
}

export function budgetWords({ requests, dollars }: Budget): string {
  const parts = [
    ...(requests === null ? [] : [`${requests.toLocaleString('en-US')} ${requests === 1 ? 'request' : 'requests'}`]),
    ...(dollars === null ? [] : [`$${String(dollars)}`]),
  ];
  return parts.join(' or ');
}
