/** Where and why a text is no JSON. `message` is a sentence for people, without the place. */
export class JsonSyntaxError extends Error {
  /** UTF-16 offset into the text that was read. */
  readonly offset: number;
  /** One-based. */
  readonly line: number;
  /** One-based, in code points; a byte order mark does not count. */
  readonly column: number;

  constructor(message: string, text: string, offset: number) {
    super(message);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
    const place = lineAndColumn(text, offset);
    this.line = place.line;
    this.column = place.column;
  }
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let column = 1;
  for (let index = text.charCodeAt(0) === 0xfeff ? 1 : 0; index < offset; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(index + 1) !== 0x0a)) {
      line++;
      column = 1;
    } else if (code === 0x0d || isSecondHalf(text, index)) {
      continue;
    } else {
      column++;
    }
  }
  return { line, column };
}

function isSecondHalf(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 0xdc00 || code > 0xdfff || index === 0) return false;
  const before = text.charCodeAt(index - 1);
  return before >= 0xd800 && before <= 0xdbff;
}
