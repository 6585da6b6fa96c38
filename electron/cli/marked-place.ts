import { textWidth } from './text-width.ts';

/** The line of a text that a place is in, with a caret below the place; `offset` is in UTF-16 units. */
export function markedPlace(text: string, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(from).split('\n', 1)[0] ?? '';
  const caret = ' '.repeat(textWidth(line.slice(0, offset - from)));
  return `  ${line}\n  ${caret}^`;
}
