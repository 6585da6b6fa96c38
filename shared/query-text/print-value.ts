import type { QueryValue } from '../query.ts';

/**
 * A value as JSON that reads back as the same one: integers with all digits, other numbers with an exponent where they
 * would read as an integer beyond 2^53, NaN and infinities by their names.
 */
export function printValue(value: QueryValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return printNumber(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${printValue(member)}`)
    .join(', ')}}`;
}

function printNumber(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}
