import { priceOfRequest } from './price-table.ts';
import { US_EAST_1 } from './prices/us-east-1.ts';

/** What the ledger counts at. Other regions cost up to twice as much. */
export const { region: PRICE_REGION, date: PRICE_DATE } = US_EAST_1;

/** `priceOfRequest` in us-east-1. */
export function requestCost(operation: string, storageClass: string | null, bytesDown: number): number {
  return priceOfRequest(US_EAST_1, operation, storageClass, bytesDown);
}
