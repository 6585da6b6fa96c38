/**
 * Header values are bytes; here they are Latin-1 strings, one character a byte, as they are on the wire. AWS
 * answers text beyond ASCII as RFC 2047 encoded words and decodes them on a PUT (raw UTF-8 comes out garbled there,
 * "Working with object metadata", S3 user guide); Ceph and MinIO keep the bytes. A value must survive an update as it
 * was, so the form in which a text was last received is the form in which it is sent.
 */
export interface HeaderTexts {
  /** Text for people of a value as received. */
  read(value: string): string;
  /** Value to send for a text. */
  write(text: string): string;
}

/** Enough for every object that is open; a forgotten text falls back to the server's usual form. */
const REMEMBERED = 1000;

export function createHeaderTexts(): HeaderTexts {
  const received = new Map<string, string>();
  // A server that has once sent raw UTF-8 keeps bytes as they are.
  let keepsBytes = false;

  function remember(text: string, value: string): string {
    received.delete(text);
    received.set(text, value);
    const [oldest] = received.keys();
    if (received.size > REMEMBERED && oldest !== undefined) received.delete(oldest);
    return text;
  }

  return {
    read(value) {
      // oxlint-disable-next-line no-control-regex
      if (/[^\x00-\x7f]/.test(value)) {
        keepsBytes = true;
        return remember(bytesToText(value), value);
      }
      return value.includes('=?') ? remember(decodeWords(value), value) : value;
    },
    write(text) {
      const known = received.get(text);
      if (known !== undefined) return known;
      // oxlint-disable-next-line no-control-regex
      if (!/[^\x00-\x7f]/.test(text)) return text;
      const bytes = Buffer.from(text, 'utf8');
      return keepsBytes ? bytes.toString('latin1') : `=?UTF-8?B?${bytes.toString('base64')}?=`;
    },
  };
}

function bytesToText(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}

function decodeWords(value: string): string {
  return value
    .replace(/(=\?[^\s?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
      (encoding.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64')
        : Buffer.from(
            text
              .replaceAll('_', ' ')
              .replace(/=([0-9A-F]{2})/gi, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          )
      ).toString('utf8'),
    );
}
