import { extname } from 'node:path';

/** File systems take 255; the number and what a draft of the file is called come on top. */
const MOST_BYTES = 200;
/** What Windows keeps to itself, and what only looks like another name. */
// oxlint-disable-next-line no-control-regex -- those are what is looked for
const UNFIT = /[<>:"\\|?*/\u0000-\u001f\u007f\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** `text` as the name of a file or folder, safe on every system; as it is where that is safe already. */
export function safeFileName(text: string): string {
  const fit = Buffer.from(text)
    .toString()
    .replaceAll(UNFIT, '_')
    .replace(/^\./, '_')
    .replace(/[. ]+$/, '_');
  const name = fit.trim() === '' ? 'record' : fit.replace(DEVICES, '_$&');
  const extension = extname(name);
  return Buffer.byteLength(extension) > MOST_BYTES / 2
    ? firstBytes(name, MOST_BYTES)
    : firstBytes(name.slice(0, name.length - extension.length), MOST_BYTES - Buffer.byteLength(extension)) + extension;
}

/** No character is cut in two. */
function firstBytes(text: string, most: number): string {
  let length = 0;
  let cut = '';
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > most) break;
    cut += character;
  }
  return cut;
}
