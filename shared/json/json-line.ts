/** Strings, the numbers that JSON does not have, and the blanks between; everything else stays as it is. */
const TOKENS = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?Infinity|NaN|[ \t\r\n]+/g;

/**
 * A JSON text of a record on one line, digits and escapes as in the object; NaN and the infinities, which Python's json
 * writes and others cannot read, as strings.
 */
export function jsonLine(text: string): string {
  return text.replace(TOKENS, (token) => {
    const first = token.charCodeAt(0);
    if (first === QUOTE) return token;
    return first <= SPACE ? '' : `"${token}"`;
  });
}

const QUOTE = 0x22;
const SPACE = 0x20;
