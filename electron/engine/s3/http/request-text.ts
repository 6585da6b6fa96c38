import type { HttpRequest } from '../send.ts';
import { TransportError } from './transport-error.ts';

/** Header values are bytes as Latin-1; a line break in one would be a header of its own. */
// oxlint-disable-next-line no-control-regex
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** All of a request before its body, as bytes in a Latin-1 string. Throws `TransportError`. */
export function requestHead({ method, path, headers, body }: HttpRequest): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (UNSENDABLE.test(value)) {
      throw new TransportError('UNSENDABLE', `The header ${name} holds a character that no header can.`);
    }
    head += `${name}: ${value}\r\n`;
  }
  if (body !== null) head += `content-length: ${body.byteLength}\r\n`;
  // Many servers refuse a PUT or POST that does not say that it has none.
  else if (method === 'PUT' || method === 'POST') head += 'content-length: 0\r\n';
  return `${head}\r\n`;
}
