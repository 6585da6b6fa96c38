/**
 * Numbers as Python compares them: integers of any size and doubles, exactly. A number is kept as the greatest double
 * that is not above it, and, where that is not the number itself, as the integer too: as a bigint within HUGEINT's range,
 * as a text that sorts like the integer beyond it. So (number, integer, text), absent first, orders all numbers.
 */
export interface ExactNumber {
  /** NaN for NaN; never -0. */
  readonly number: number;
  readonly integer: bigint | null;
  readonly text: string | null;
}

const HUGEINT_MAX = 2n ** 127n - 1n;
/** More digits than any double has before its point: which double is below is known without reading them. */
const MOST_DIGITS = 310;
const INTEGER = /^-?\d+$/;

/** Of a number as JSON writes it; also `NaN`, `Infinity` and `-Infinity`. */
export function exactNumber(text: string): ExactNumber {
  // 15 digits always fit; most integers end here.
  if (text.length <= 15 || !INTEGER.test(text)) return { number: Number(text) + 0, integer: null, text: null };
  if (text.length > MOST_DIGITS) {
    const number = text.startsWith('-') ? -Infinity : Number.MAX_VALUE;
    return { number, integer: null, text: integerText(text) };
  }
  return exactInteger(BigInt(text));
}

export function exactNumberOf(value: number | bigint): ExactNumber {
  return typeof value === 'bigint' ? exactNumber(value.toString()) : { number: value + 0, integer: null, text: null };
}

function exactInteger(value: bigint): ExactNumber {
  const nearest = Number(value);
  if (Number.isFinite(nearest) && BigInt(nearest) === value) return { number: nearest, integer: null, text: null };
  const number = floorDouble(value, nearest);
  return value > HUGEINT_MAX || value < -HUGEINT_MAX
    ? { number, integer: null, text: integerText(value.toString()) }
    : { number, integer: value, text: null };
}

function floorDouble(value: bigint, nearest: number): number {
  if (nearest === Infinity) return Number.MAX_VALUE;
  if (nearest === -Infinity || BigInt(nearest) < value) return nearest;
  return doubleBelow(nearest);
}

/** Of doubles beyond 2^53 in either direction, where no sign or zero is crossed. */
function doubleBelow(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + (value > 0 ? -1n : 1n));
  return view.getFloat64(0);
}

/** Sorts by code units as the integers do: sign, number of digits, digits; complemented below zero. */
function integerText(digitsWithSign: string): string {
  const isNegative = digitsWithSign.startsWith('-');
  const digits = digitsWithSign.slice(isNegative ? 1 : 0).replace(/^0+(?=\d)/, '');
  const sized = digits.length.toString().padStart(10, '0') + digits;
  return isNegative ? `-${sized.replace(/\d/g, (digit) => String(9 - Number(digit)))}` : `p${sized}`;
}

/** Below zero, zero or above as for a sort; NaN where one is NaN, so that every comparison with 0 is false. */
export function compareNumbers(left: ExactNumber, right: ExactNumber): number {
  if (left.number !== right.number)
    return left.number - right.number > 0 ? 1 : left.number < right.number ? -1 : Number.NaN;
  if (left.integer !== null || right.integer !== null) {
    if (left.integer === null) return -1;
    if (right.integer === null) return 1;
    return left.integer < right.integer ? -1 : left.integer > right.integer ? 1 : 0;
  }
  const leftText = left.text ?? '';
  const rightText = right.text ?? '';
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}
