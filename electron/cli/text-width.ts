/** Cells that a terminal gives to a text: two for East Asian wide characters and emoji, none for combining marks. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) width += WIDE.test(segment) ? 2 : ZERO.test(segment) ? 0 : 1;
  return width;
}

/** At most `width` cells; what is cut off is said by `…`. */
export function clipText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let clipped = '';
  let used = 0;
  for (const { segment } of SEGMENTER.segment(text)) {
    const next = textWidth(segment);
    if (used + next > width - 1) break;
    clipped += segment;
    used += next;
  }
  return `${clipped}…`;
}

/**
 * Text of a record that can be shown in a terminal: control characters, which could move the cursor or worse, and
 * characters that turn the direction of writing as escapes.
 */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const short = SHORT[character];
    if (short !== undefined) return short;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const NARROW = /^[\x20-\x7e]*$/;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
/** Unicode's East Asian Width W and F, by blocks, and what is shown as an emoji. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}])/u;
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
