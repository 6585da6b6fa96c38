const PLAIN_PATH = /^[A-Za-z0-9._~/-]*$/;
const PLAIN = /^[A-Za-z0-9._~-]*$/;

/** Percent-encodes every UTF-8 byte but RFC 3986's unreserved ones. Throws `URIError` on a lone surrogate. */
export function encodeComponent(text: string): string {
  if (PLAIN.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A key as it stands in a path: as above, but `/` stays. Nothing is normalised: S3 signs `//`, `.` and `..` as sent. */
export function encodeKey(key: string): string {
  if (PLAIN_PATH.test(key)) return key;
  return encodeComponent(key).replaceAll('%2F', '/');
}

/** A query string that is canonical already: names and values encoded, in byte order of the encoded names. */
export function canonicalQuery(parameters: readonly (readonly [string, string])[]): string {
  if (parameters.length === 0) return '';
  return parameters
    .map(([name, value]) => [encodeComponent(name), encodeComponent(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/**
 * Undoes S3's `encoding-type=url`, which is form encoding: `+` is a space and a plus is `%2B`. Keys that are no UTF-8
 * (another client's doing) come out with U+FFFD instead of an exception.
 */
export function decodeUrlEncoding(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return Buffer.from(
      spaced.replace(/%([0-9A-Fa-f]{2})|[^%]+|%/g, (match, hex: string | undefined) =>
        hex === undefined
          ? Buffer.from(match, 'utf8').toString('latin1')
          : String.fromCharCode(Number.parseInt(hex, 16)),
      ),
      'latin1',
    ).toString('utf8');
  }
}
