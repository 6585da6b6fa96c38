const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const SPECIAL = /^(?:NaN|-?Infinity)$/;

/** A number as JSON has it: no leading zeros, no plus, no blanks; so that its text is its value, with all digits. */
export function isJsonNumber(text: string): boolean {
  return NUMBER.test(text) || SPECIAL.test(text);
}

export function isJsonInteger(text: string): boolean {
  return INTEGER.test(text);
}
