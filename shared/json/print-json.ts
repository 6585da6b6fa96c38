import type { JsonNode } from './node.ts';

/** How values are laid out: on one line with these separators, or each member on a line of its own. */
export interface JsonLayout {
  readonly comma: string;
  readonly colon: string;
  /** Added for each level; null keeps everything on one line. */
  readonly indent: string | null;
  /** Text of a string or a name from its text in the source (with quotes) and its value; default: as in the source. */
  readonly string?: (source: string, value: string) => string;
}

const PRETTY: JsonLayout = { comma: ',', colon: ': ', indent: '  ' };
const COMPACT: JsonLayout = { comma: ',', colon: ':', indent: null };

/** On lines, indented by two spaces; digits and escapes as in the source. `text` is the source that `node` was read from. */
export function printPretty(text: string, node: JsonNode): string {
  return printJson(text, node, PRETTY);
}

/** Without blanks; digits and escapes as in the source. */
export function printCompact(text: string, node: JsonNode): string {
  return printJson(text, node, COMPACT);
}

interface Open {
  readonly node: JsonNode & { readonly kind: 'object' | 'array' };
  next: number;
}

export function printJson(text: string, root: JsonNode, layout: JsonLayout): string {
  const parts: string[] = [];
  const open: Open[] = [];
  const string = layout.string;
  const line = (): void => {
    if (layout.indent !== null) parts.push('\n', layout.indent.repeat(open.length));
  };
  const begin = (node: JsonNode): void => {
    if (node.kind === 'object' || node.kind === 'array') {
      const isEmpty = (node.kind === 'object' ? node.members : node.items).length === 0;
      if (isEmpty) {
        parts.push(node.kind === 'object' ? '{}' : '[]');
      } else {
        parts.push(node.kind === 'object' ? '{' : '[');
        open.push({ node, next: 0 });
      }
    } else {
      const source = text.slice(node.start, node.end);
      parts.push(node.kind === 'string' && string !== undefined ? string(source, node.value) : source);
    }
  };
  begin(root);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { node } = top;
    const index = top.next++;
    const count = node.kind === 'object' ? node.members.length : node.items.length;
    if (index >= count) {
      open.pop();
      line();
      parts.push(node.kind === 'object' ? '}' : ']');
      continue;
    }
    if (index > 0) parts.push(layout.comma);
    line();
    if (node.kind === 'array') {
      const item = node.items[index];
      if (item !== undefined) begin(item);
      continue;
    }
    const member = node.members[index];
    if (member === undefined) continue;
    const name = text.slice(member.nameStart, member.nameEnd);
    parts.push(string === undefined ? name : string(name, member.name), layout.colon);
    begin(member.value);
  }
  return parts.join('');
}
