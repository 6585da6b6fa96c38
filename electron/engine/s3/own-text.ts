/**
 * A key that a listing named is a slice of that page for V8, and keeps all of it in memory: 237 MB for a thousand keys
 * of a thousand pages. Joined with another text it has to be copied.
 */
export function ownText(text: string): string {
  return ` ${text}`.slice(1);
}
