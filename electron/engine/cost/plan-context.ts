import type { Connection } from '../../../shared/connection.ts';
import { isBilled } from './ledger.ts';
import type { PlanContext } from './plan-query.ts';
import { type PriceTable, pricesOf } from './price-table.ts';
import { US_EAST_1 } from './prices/us-east-1.ts';
import type { RateKeeper } from './request-rates.ts';

/** What work over a connection costs, takes and may spend. `tables`: of regions besides us-east-1. */
export function planContext(connection: Connection, rates: RateKeeper, tables: readonly PriceTable[]): PlanContext {
  return {
    prices: pricesOf(connection.region, tables, US_EAST_1),
    isBilled: isBilled(connection),
    rates: rates.of(connection.id),
    budget: connection.budget ?? null,
  };
}
