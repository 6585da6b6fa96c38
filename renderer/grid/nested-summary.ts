/** What a cell shows of a list or an object. */
export interface NestedSummary {
  /** Members or items found in the text. */
  readonly count: number;
  /** False where the text is clipped: there are at least `count`. */
  readonly exact: boolean;
  /** Texts of the first values, strings without their quotes. */
  readonly first: readonly string[];
}

const SHOWN = 4;

/**
 * Reads the outermost level of a JSON text that may be cut off at any place, so no parser fits: it follows strings and
 * brackets and looks at nothing inside of them.
 */
export function summariseNested(text: string): NestedSummary {
  const isObject = text.startsWith('{');
  const first: string[] = [];
  let count = 0;
  let depth = 0;
  let start = 1;
  let index = 0;
  let exact = false;

  const take = (end: number) => {
    const item = text.slice(start, end).trim();
    if (item === '') return;
    count += 1;
    if (first.length < SHOWN) first.push(shortValue(isObject ? valueOfMember(item) : item));
  };

  while (index < text.length) {
    const character = text[index];
    if (character === '"') {
      index = endOfString(text, index);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) {
        take(index);
        exact = true;
        break;
      }
    } else if (character === ',' && depth === 1) {
      take(index);
      start = index + 1;
    }
    index += 1;
  }
  return { count, exact, first };
}

/** Index after the closing quote, or the length of the text where there is none. */
function endOfString(text: string, quote: number): number {
  let index = quote + 1;
  while (index < text.length) {
    const character = text[index];
    if (character === '\\') index += 2;
    else if (character === '"') return index + 1;
    else index += 1;
  }
  return text.length;
}

function valueOfMember(member: string): string {
  const afterName = member.startsWith('"') ? endOfString(member, 0) : 0;
  const colon = member.indexOf(':', afterName);
  return colon === -1 ? '' : member.slice(colon + 1).trim();
}

function shortValue(text: string): string {
  if (text.startsWith('"')) return decodeString(text);
  if (text.startsWith('{') || text.startsWith('[')) {
    const { count, exact } = summariseNested(text);
    const size = exact ? String(count) : `${count}+`;
    return text.startsWith('{') ? `{${size}}` : `[${size}]`;
  }
  return text;
}

function decodeString(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    // A string that is cut off, or one with characters that only our own reader takes: as it stands.
    return text.slice(1).replace(/"$/, '');
  }
}
