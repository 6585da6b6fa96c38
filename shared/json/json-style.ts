import type { JsonNode } from './node.ts';
import type { JsonLayout } from './print-json.ts';

type Container = JsonNode & { readonly kind: 'object' | 'array' };

/** Text to insert so that a new member or item looks like its neighbours. */
export interface InsertedStyle {
  /** Before the new element: `,` and the blanks that its neighbours have, or what follows the opening bracket. */
  readonly before: string;
  readonly colon: string;
  /** Behind it; only where the container was empty and lies on lines of its own. */
  readonly after: string;
}

/** How a container's elements are written, or would be if it had any. `ancestors`: from the root to its parent. */
export function insertedStyle(text: string, container: Container, ancestors: readonly Container[]): InsertedStyle {
  const spans = elementSpans(container);
  const last = spans.at(-1);
  if (last === undefined) return styleOfEmpty(text, container, ancestors);
  const colon = colonOf(text, container) ?? colonOfAncestors(text, ancestors);
  const previous = spans.at(-2);
  if (previous !== undefined) return { before: text.slice(previous.end, last.start), colon, after: '' };
  const leading = text.slice(container.start + 1, last.start);
  const blanks = leading.includes('\n') ? leading : isSpaced(text, container, ancestors) ? ' ' : '';
  return { before: `,${blanks}`, colon, after: '' };
}

/** The layout of a text on one line; null where it has lines. */
export function singleLineLayout(text: string, root: JsonNode): JsonLayout | null {
  if (/[\n\r]/.test(text.slice(root.start, root.end))) return null;
  const colon = (root.kind === 'object' ? colonOf(text, root) : null) ?? ': ';
  return { comma: colon.endsWith(' ') ? ', ' : ',', colon, indent: null };
}

function styleOfEmpty(text: string, container: Container, ancestors: readonly Container[]): InsertedStyle {
  const colon = colonOfAncestors(text, ancestors);
  const parent = ancestors.at(-1);
  const within = parent === undefined ? null : lineIndent(text, elementSpans(parent)[0]?.start ?? 0, parent.start);
  if (within === null) return { before: '', colon, after: '' };
  const outside = indentOfLine(text, parent?.start ?? 0);
  const unit = within.startsWith(outside) && within.length > outside.length ? within.slice(outside.length) : '  ';
  const inner = text.slice(container.start + 1, container.end - 1);
  return { before: `\n${within}${unit}`, colon, after: inner.includes('\n') ? '' : `\n${within}` };
}

/** The blanks before an element that begins a line; null where it shares its line with the bracket. */
function lineIndent(text: string, start: number, bracket: number): string | null {
  const before = text.slice(bracket + 1, start);
  const line = before.lastIndexOf('\n');
  return line < 0 ? null : before.slice(line + 1);
}

function indentOfLine(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function colonOf(text: string, container: Container): string | null {
  const member = container.kind === 'object' ? container.members.at(-1) : undefined;
  if (member === undefined) return null;
  const colon = text.slice(member.nameEnd, member.value.start);
  return colon.includes('\n') ? ': ' : colon;
}

/** Python's `": "` where nothing in the text shows another habit. */
function colonOfAncestors(text: string, ancestors: readonly Container[]): string {
  for (const ancestor of ancestors.toReversed()) {
    const colon = colonOf(text, ancestor);
    if (colon !== null) return colon;
  }
  return ': ';
}

/** Whether elements are set off by a blank: seen at a comma nearby, else at a colon. */
function isSpaced(text: string, container: Container, ancestors: readonly Container[]): boolean {
  for (const ancestor of [container, ...ancestors.toReversed()]) {
    const [first, second] = elementSpans(ancestor);
    if (first !== undefined && second !== undefined) return /\s$/.test(text.slice(first.end, second.start));
  }
  return (colonOf(text, container) ?? colonOfAncestors(text, ancestors)).endsWith(' ');
}

/** Of members with their names, and of items. */
export function elementSpans(container: Container): readonly { readonly start: number; readonly end: number }[] {
  return container.kind === 'array'
    ? container.items
    : container.members.map((member) => ({ start: member.nameStart, end: member.value.end }));
}
