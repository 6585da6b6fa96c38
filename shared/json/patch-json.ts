import { findMember, type JsonPath } from './find-node.ts';
import { elementSpans, insertedStyle, singleLineLayout } from './json-style.ts';
import type { JsonNode } from './node.ts';
import { printJson } from './print-json.ts';
import { readJson } from './read-json.ts';

/** A change of one value. */
export interface JsonEdit {
  /** Where a name occurs twice, the last one is meant; removing a name removes all of it. `[]` is the whole value. */
  readonly path: JsonPath;
  /** JSON text of the new value; null removes it. */
  readonly text: string | null;
}

/** A path that leads nowhere in the text that was to be changed. */
export class JsonPathError extends Error {
  readonly path: JsonPath;

  constructor(message: string, path: JsonPath) {
    super(message);
    this.name = 'JsonPathError';
    this.path = path;
  }
}

type Container = JsonNode & { readonly kind: 'object' | 'array' };

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes values in a JSON text and nothing else: every byte outside of them stays. Edits are applied one after the other,
 * so a path means the text as the edits before it left it. A name that is not there yet is added at the end of its object,
 * position `length` at the end of a list, in the style of the neighbours; removing what is not there changes nothing.
 * Throws `JsonPathError`, and `JsonSyntaxError` for a new value that is no JSON.
 */
export function patchJson(text: string, edits: readonly JsonEdit[]): string {
  let patched = text;
  // Read when an edit needs it: after the last one nobody does.
  let root: JsonNode | null = readJson(text);
  // Replacements that do not lie within each other share one reading of the text.
  let waiting: { readonly path: JsonPath; readonly splice: Splice }[] = [];
  const apply = (): void => {
    if (waiting.length === 0) return;
    patched = applySplices(
      patched,
      waiting.map((entry) => entry.splice),
    );
    root = null;
    waiting = [];
  };
  for (const { path, text: value } of edits) {
    if (waiting.some((entry) => isPrefix(entry.path, path) || isPrefix(path, entry.path))) apply();
    root ??= readJson(patched);
    const splice = spliceOf(patched, root, path, value);
    if (splice === null) continue;
    waiting.push({ path, splice });
    if (!isReplacement(splice)) apply();
  }
  apply();
  return patched;
}

function isPrefix(path: JsonPath, other: JsonPath): boolean {
  return path.length <= other.length && path.every((step, index) => step === other[index]);
}

/** Additions and removals move what later paths mean; replacements do not. */
function isReplacement(made: Splice): boolean {
  return made.start < made.end && made.text !== '';
}

function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let position = 0;
  for (const { start, end, text: replacement } of splices.toSorted((left, right) => left.start - right.start)) {
    parts.push(text.slice(position, start), replacement);
    position = end;
  }
  parts.push(text.slice(position));
  return parts.join('');
}

/** Null where there is nothing to remove. */
function spliceOf(text: string, root: JsonNode, path: JsonPath, value: string | null): Splice | null {
  const ancestors: Container[] = [];
  let node: JsonNode = root;
  for (const [depth, step] of path.entries()) {
    const container: JsonNode = node;
    if (!fits(container, step)) throw noSuchPlace(path, depth, container);
    const child: JsonNode | undefined =
      typeof step === 'number'
        ? container.kind === 'array'
          ? container.items[step]
          : undefined
        : container.kind === 'object'
          ? findMember(container, step)?.value
          : undefined;
    if (child === undefined) {
      if (value === null) return null;
      if (depth < path.length - 1 || (typeof step === 'number' && step !== elementSpans(container).length)) {
        throw noSuchPlace(path, depth, container);
      }
      return addition(text, root, container, ancestors, step, value);
    }
    ancestors.push(container);
    node = child;
  }
  if (value !== null) return { start: node.start, end: node.end, text: styled(text, root, value) };
  const parent = ancestors.at(-1);
  const step = path.at(-1);
  if (parent === undefined || step === undefined) throw new JsonPathError('A text cannot lose its only value.', path);
  return removal(text, parent, step);
}

function fits(node: JsonNode, step: string | number): node is Container {
  return typeof step === 'number'
    ? node.kind === 'array' && Number.isInteger(step) && step >= 0
    : node.kind === 'object';
}

function addition(
  text: string,
  root: JsonNode,
  container: Container,
  ancestors: readonly Container[],
  step: string | number,
  value: string,
): Splice {
  const style = insertedStyle(text, container, ancestors);
  const name = typeof step === 'string' ? quoteName(text, step) + style.colon : '';
  const position = elementSpans(container).at(-1)?.end ?? container.start + 1;
  return { start: position, end: position, text: style.before + name + styled(text, root, value) + style.after };
}

/** From the first to the last element of that name at once where they are neighbours, else as one rewritten stretch. */
function removal(text: string, container: Container, step: string | number): Splice {
  const spans = elementSpans(container);
  const isRemoved = (index: number): boolean =>
    container.kind === 'array' ? index === step : container.members[index]?.name === step;
  const kept = spans.filter((_, index) => !isRemoved(index));
  const lastKept = kept.at(-1);
  const last = spans.at(-1);
  if (lastKept === undefined || last === undefined) {
    return { start: container.start + 1, end: container.end - 1, text: '' };
  }
  const first = spans.findIndex((_, index) => isRemoved(index));
  const parts: string[] = [];
  const start = spans[first]?.start ?? last.end;
  for (let index = first; index < spans.length; index++) {
    const span = spans[index];
    if (span === undefined || isRemoved(index)) continue;
    const next = spans[index + 1];
    parts.push(text.slice(span.start, span === lastKept ? span.end : (next?.start ?? span.end)));
  }
  // Nothing is kept behind it: the separator before it goes, too.
  if (parts.length === 0) return { start: lastKept.end, end: last.end, text: '' };
  return trim(text, { start, end: last.end, text: parts.join('') });
}

/** Leaves out what stays the same at the end, so that the splice is the removed stretch. */
function trim(text: string, { start, end, text: replacement }: Splice): Splice {
  let same = 0;
  while (
    same < replacement.length &&
    same < end - start &&
    replacement.charCodeAt(replacement.length - 1 - same) === text.charCodeAt(end - 1 - same)
  ) {
    same++;
  }
  return { start, end: end - same, text: replacement.slice(0, replacement.length - same) };
}

/** The new value's own text; put on one line where it has lines and the text around it has none. */
function styled(text: string, root: JsonNode, value: string): string {
  const node = readJson(value);
  const own = value.slice(node.start, node.end);
  if (!/[\n\r]/.test(own)) return own;
  const layout = singleLineLayout(text, root);
  return layout === null ? own : printJson(value, node, layout);
}

/** A text that is all ASCII (as Python writes it) stays so. */
function quoteName(text: string, name: string): string {
  const quoted = JSON.stringify(name);
  return isAscii(text) ? escapeNonAscii(quoted) : quoted;
}

export function escapeNonAscii(text: string): string {
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[^\x00-\x7f]/.test(text);
}

function noSuchPlace(path: JsonPath, depth: number, container: JsonNode): JsonPathError {
  const step = path[depth];
  const where = depth === 0 ? 'The whole value' : JSON.stringify(pathText(path.slice(0, depth)));
  const message =
    typeof step === 'number'
      ? container.kind === 'array'
        ? `${where} has ${container.items.length} items; there is no position ${step}.`
        : `${where} is no list; there is no position ${step}.`
      : container.kind === 'object'
        ? `${where} has no member ${JSON.stringify(step)}.`
        : `${where} is no object; there is no member ${JSON.stringify(step)}.`;
  return new JsonPathError(message, path);
}

/** `address.lines[0]`, for people. */
export function pathText(path: JsonPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
