/** Pairs out of the log's flat list, values as text. */
export function headerLines(flat: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < flat.length; at += 2) pairs.push([flat[at] ?? '', headerText(flat[at + 1] ?? '')]);
  return pairs;
}

/** HTTP carries bytes; nearly everybody means UTF-8, and what is none is left as Latin-1. */
function headerText(value: string): string {
  if (!/[\u0080-\u00ff]/.test(value)) return value;
  try {
    const bytes = Uint8Array.from(value, (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}
