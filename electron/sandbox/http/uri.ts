import { S3Failure } from '../s3-failure.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Undoes %XX in a request target, which node:http gives as latin1 characters; anything that is no UTF-8 afterwards is
 * `InvalidURI`, as no key can be made of it.
 */
export function decodeUri(text: string): string {
  if (/^[!-$&-~]*$/.test(text)) return text;
  const bytes: number[] = [];
  const source = Buffer.from(text, 'latin1');
  for (let at = 0; at < source.length; at += 1) {
    const byte = source.readUInt8(at);
    if (byte !== 0x25) {
      bytes.push(byte);
      continue;
    }
    const hex = source.toString('latin1', at + 1, at + 3);
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw invalidUri();
    bytes.push(Number.parseInt(hex, 16));
    at += 2;
  }
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    throw invalidUri();
  }
}

/** In a query string `+` is a blank. */
export function decodeQueryText(text: string): string {
  return decodeUri(text.includes('+') ? text.replaceAll('+', '%20') : text);
}

/** Percent-encodes all but the unreserved characters of RFC 3986 (and `/` where `keepSlash`), as SigV4 asks. */
export function encodeUri(text: string, keepSlash: boolean): string {
  const encoded = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return keepSlash ? encoded.replaceAll('%2F', '/') : encoded;
}

/** How S3 writes names in a listing with `encoding-type=url`: `/` and `*` as they are, a blank as `+`. */
export function encodeListed(text: string): string {
  return encodeUri(text, true).replaceAll('%20', '+').replaceAll('%2A', '*').replaceAll('~', '%7E');
}

function invalidUri(): S3Failure {
  return new S3Failure('InvalidURI', "Couldn't parse the specified URI.");
}
