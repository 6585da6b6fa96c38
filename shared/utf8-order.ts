/**
 * Compares as the UTF-8 bytes of both would compare, which is S3's order of keys. JavaScript's own order is that of
 * UTF-16 units: there every emoji (a surrogate pair) sorts before U+E000 to U+FFFF, in UTF-8 after.
 */
export function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const one = left.charCodeAt(at);
    const other = right.charCodeAt(at);
    if (one !== other) return rank(one) - rank(other);
  }
  return left.length - right.length;
}

/** Moves surrogates above the rest of the plane. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
