const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const NOT_FINITE = /^(?:NaN|-?Infinity)$/;

/** Whether a text is a number as JSON writes it. NaN and the infinities are what Python's json reads and writes beside. */
export function isNumberText(text: string, allowNotFinite = false): boolean {
  return NUMBER.test(text) || (allowNotFinite && NOT_FINITE.test(text));
}

/** An integer text moved by a step, digits kept whatever their number; null where the text is no integer. */
export function stepNumberText(text: string, step: 1 | -1): string | null {
  return /^-?\d+$/.test(text) ? String(BigInt(text) + BigInt(step)) : null;
}

/** Groups the digits of a number for display: `1234567.5` → `1,234,567.5`. The text itself is what is kept and copied. */
export function groupDigits(text: string): string {
  const parts = /^(-?)(\d+)((?:\.\d+)?(?:[eE][+-]?\d+)?)$/.exec(text);
  if (parts === null) return text;
  return `${parts[1] ?? ''}${(parts[2] ?? '').replace(/\B(?=(?:\d{3})+$)/g, ',')}${parts[3] ?? ''}`;
}

/**
 * A number with its digits grouped, every one of them kept. Four digits of a field that calls itself a year stay
 * together: 1,998 is no year.
 */
export function showNumber(text: string, fieldName: string): string {
  return text.length === 4 && /year/i.test(fieldName) ? text : groupDigits(text);
}
