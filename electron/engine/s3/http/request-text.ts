import { keptByName } from '../kept-by-name.ts';
import type { HttpRequest } from '../send.ts';
import { TransportError } from './transport-error.ts';

/** Header values are bytes as Latin-1; a line break in one would be a header of its own. */
// oxlint-disable-next-line no-control-regex
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** What stands before a value. Kept, because each piece of a text that grows takes as long as a look there. */
const prefixOf = keptByName(100, (name) => `\r\n${name}: `);

/** All of a request before its body, as bytes in a Latin-1 string. Throws `TransportError`. */
export function requestHead({ method, path, headers, body }: HttpRequest): string {
  let head = `${method} ${path} HTTP/1.1`;
  // Looked at together: one search costs less than ten.
  let values = '';
  for (const name in headers) {
    const value = headers[name] ?? '';
    values += value;
    head += prefixOf(name) + value;
  }
  if (UNSENDABLE.test(values)) {
    const name = Object.keys(headers).find((one) => UNSENDABLE.test(headers[one] ?? ''));
    throw new TransportError('UNSENDABLE', `The header ${name} holds a character that no header can.`);
  }
  if (body !== null) head += `\r\ncontent-length: ${body.byteLength}`;
  // Many servers refuse a PUT or POST that does not say that it has none.
  else if (method === 'PUT' || method === 'POST') head += '\r\ncontent-length: 0';
  return `${head}\r\n\r\n`;
}
