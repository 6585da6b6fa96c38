import { JsonSyntaxError } from './json-syntax-error.ts';
import type { JsonMember, JsonNode } from './node.ts';
import { readNumberEnd, readString } from './read-scalar.ts';
import { skipBlanks } from './skip-blanks.ts';

interface OpenObject {
  readonly kind: 'object';
  readonly start: number;
  readonly end: number;
  readonly members: JsonMember[];
}

interface OpenArray {
  readonly kind: 'array';
  readonly start: number;
  readonly end: number;
  readonly items: JsonNode[];
}

/** A member whose value is being read. */
interface OpenMember {
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  value: JsonNode;
}

const NO_VALUE: JsonNode = { kind: 'null', start: -1, end: -1 };
const NO_NAME: OpenMember = { name: '', nameStart: -1, nameEnd: -1, value: NO_VALUE };

/**
 * Reads a JSON text into a tree that keeps the span of every value. Takes what Python's `json.loads` takes (strict mode):
 * NaN, Infinity and -Infinity, duplicate names, lone surrogates, integers of any size; also a leading byte order mark, and
 * any depth. Comments, trailing commas and control characters in strings are refused with a `JsonSyntaxError`.
 */
export function readJson(text: string): JsonNode {
  const length = text.length;
  // Containers that are open, and for each object among them the member whose value is being read.
  const containers: (OpenObject | OpenArray)[] = [];
  const names: OpenMember[] = [];
  let container: OpenObject | OpenArray | null = null;
  let name: OpenMember = NO_NAME;
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  for (;;) {
    position = skipBlanks(text, position);
    if (position >= length) throw endOfText(text, container, name);
    let node: JsonNode;
    const code = text.charCodeAt(position);
    if (code === 0x22) {
      const string = readString(text, position);
      node = { kind: 'string', start: position, end: string.end, value: string.value };
    } else if (code === 0x7b || code === 0x5b) {
      const opened: OpenObject | OpenArray =
        code === 0x7b
          ? { kind: 'object', start: position, end: -1, members: [] }
          : { kind: 'array', start: position, end: -1, items: [] };
      position = skipBlanks(text, position + 1);
      const closing = code === 0x7b ? 0x7d : 0x5d;
      if (text.charCodeAt(position) === closing) {
        node = close(opened, position + 1);
      } else {
        if (container !== null) {
          containers.push(container);
          names.push(name);
        }
        container = opened;
        name = NO_NAME;
        if (opened.kind === 'object') {
          name = readName(text, position, opened);
          position = skipColon(text, name);
        } else if (position >= length) {
          throw endOfText(text, opened, NO_NAME);
        }
        continue;
      }
    } else {
      node = readWord(text, position, code, container, name);
    }
    position = node.end;

    // The value is complete: hang it up, and close every container that ends here.
    for (;;) {
      if (container === null) {
        position = skipBlanks(text, position);
        if (position < length) {
          throw new JsonSyntaxError('There is more text after the end of the JSON value.', text, position);
        }
        return node;
      }
      if (container.kind === 'object') {
        name.value = node;
        container.members.push(name);
      } else {
        container.items.push(node);
      }
      position = skipBlanks(text, position);
      const next = text.charCodeAt(position);
      if (next === 0x2c) {
        const comma = position;
        position = skipBlanks(text, position + 1);
        if (container.kind === 'object') {
          if (text.charCodeAt(position) === 0x7d) throw strayComma(text, comma, '}');
          name = readName(text, position, container);
          position = skipColon(text, name);
        } else if (text.charCodeAt(position) === 0x5d) {
          throw strayComma(text, comma, ']');
        }
        break;
      }
      if (next !== (container.kind === 'object' ? 0x7d : 0x5d)) throw notSeparated(text, position, container, name);
      position++;
      node = close(container, position);
      container = containers.pop() ?? null;
      name = names.pop() ?? NO_NAME;
    }
  }
}

/** A container's end is known only when it closes; until then it is not seen by anybody but this reader. */
function close(opened: OpenObject | OpenArray, end: number): JsonNode {
  (opened as { end: number }).end = end;
  return opened;
}

function readName(text: string, position: number, container: OpenObject): OpenMember {
  if (position >= text.length) throw endOfText(text, container, NO_NAME);
  if (text.charCodeAt(position) !== 0x22) {
    throw new JsonSyntaxError('A name in double quotes is expected here.', text, position);
  }
  const string = readString(text, position);
  return { name: string.value, nameStart: position, nameEnd: string.end, value: NO_VALUE };
}

function skipColon(text: string, name: OpenMember): number {
  const position = skipBlanks(text, name.nameEnd);
  if (text.charCodeAt(position) !== 0x3a) {
    throw new JsonSyntaxError(`A colon is missing after the name ${quote(name.name)}.`, text, position);
  }
  return position + 1;
}

function readWord(
  text: string,
  start: number,
  code: number,
  container: OpenObject | OpenArray | null,
  name: OpenMember,
): JsonNode {
  if (code === 0x74 && text.startsWith('true', start)) return { kind: 'boolean', start, end: start + 4, value: true };
  if (code === 0x66 && text.startsWith('false', start)) return { kind: 'boolean', start, end: start + 5, value: false };
  if (code === 0x6e && text.startsWith('null', start)) return { kind: 'null', start, end: start + 4 };
  if (code === 0x2d || (code >= 0x30 && code <= 0x39) || code === 0x4e || code === 0x49) {
    const end = readNumberEnd(text, start);
    if (end > start) return { kind: 'number', start, end, text: text.slice(start, end) };
  }
  const place =
    name !== NO_NAME
      ? `A value is missing after the name ${quote(name.name)}`
      : container !== null
        ? 'A value is missing'
        : '';
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  if (code === 0x27) throw new JsonSyntaxError('A string stands in double quotes, not in single ones.', text, start);
  if (place !== '' && (code === 0x2c || code === 0x7d || code === 0x5d)) {
    throw new JsonSyntaxError(`${place}, before ${character}`, text, start);
  }
  const word = /[^\s,:{}[\]"]{1,40}/y;
  word.lastIndex = start;
  const found = word.exec(text)?.[0] ?? character;
  throw new JsonSyntaxError(`${quote(found)} is no JSON value.`, text, start);
}

function strayComma(text: string, comma: number, closing: string): JsonSyntaxError {
  return new JsonSyntaxError(`There is a comma too many before ${closing}`, text, comma);
}

function notSeparated(
  text: string,
  position: number,
  container: OpenObject | OpenArray,
  name: OpenMember,
): JsonSyntaxError {
  const closing = container.kind === 'object' ? '}' : ']';
  const after =
    container.kind === 'object' && name !== NO_NAME
      ? `the value of ${quote(name.name)}`
      : `item ${container.kind === 'array' ? container.items.length : 0} of the list`;
  return new JsonSyntaxError(`A comma or ${closing} is missing after ${after}.`, text, position);
}

function endOfText(text: string, container: OpenObject | OpenArray | null, name: OpenMember): JsonSyntaxError {
  if (container === null) return new JsonSyntaxError('The text is empty; a JSON value is expected.', text, text.length);
  const missing =
    name !== NO_NAME
      ? `the value of ${quote(name.name)}`
      : container.kind === 'object'
        ? 'a name or }'
        : 'a value or ]';
  return new JsonSyntaxError(`The text ends too early: ${missing} is missing.`, text, text.length);
}

function quote(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}
