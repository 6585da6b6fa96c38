import { compareTexts } from '../../../../electron/engine/index/query/compare-values.ts';
import { ruleTest } from '../../../../electron/engine/index/query/evaluate.ts';
import { compareNumbers, exactNumber } from '../../../../electron/engine/index/query/exact-number.ts';
import { addressOf, findValue, isOutside } from '../../../../electron/engine/index/query/place.ts';
import { orderText } from '../../../../electron/engine/index/query/order-text.ts';
import type { JsonNode } from '../../../../shared/json/node.ts';
import type { Query } from '../../../../shared/query.ts';
import type { KeyedRecord } from './query-table.ts';

/** The answer of a query without any SQL: the evaluator, and the order of DESIGN's rule written once more. */
export function evaluatedIds(query: Query, records: readonly KeyedRecord[]): string[] {
  const test = ruleTest(query.where ?? null);
  const found = records.filter(test);
  found.sort((left, right) => compareTexts(left.key, right.key));
  for (const { direction, ...place } of (query.sort ?? []).toReversed()) {
    const address = addressOf(place);
    if (isOutside(address)) throw new TypeError('The evaluator knows what is in bodies only.');
    const valueOf = (record: KeyedRecord): JsonNode | undefined => findValue(record, address);
    const isAllText = found.every((record) => ['string', undefined].includes(valueOf(record)?.kind));
    const sign = direction === 'asc' ? 1 : -1;
    found.sort((left, right) => sign * compare(valueOf(left), valueOf(right), isAllText));
  }
  const offset = query.offset ?? 0;
  const limit = query.limit ?? found.length;
  return found.slice(offset, offset + limit).map((record) => record.id);
}

function compare(left: JsonNode | undefined, right: JsonNode | undefined, isAllText: boolean): number {
  if (isAllText) return compareTexts(textOf(left), textOf(right));
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0 || left === undefined || right === undefined) return rank;
  if (left.kind === 'string') return compareTexts(textOf(left), textOf(right));
  if (left.kind === 'array') return compareTexts(orderText(left), orderText(right));
  if (rankOf(left) !== 1) return 0;
  return compareNumbers(numberOf(left), numberOf(right));
}

function textOf(node: JsonNode | undefined): string {
  return node?.kind === 'string' ? node.value : '';
}

function numberOf(node: JsonNode): ReturnType<typeof exactNumber> {
  return exactNumber(node.kind === 'number' ? node.text : node.kind === 'boolean' && node.value ? '1' : '0');
}

function rankOf(node: JsonNode | undefined): number {
  switch (node?.kind) {
    case undefined:
    case 'null':
      return 0;
    case 'number':
      return node.text === 'NaN' ? 2 : 1;
    case 'boolean':
      return 1;
    case 'string':
      return 3;
    case 'array':
      return 4;
    case 'object':
      return 5;
  }
}
