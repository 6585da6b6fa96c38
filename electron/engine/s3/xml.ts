/**
 * S3's XML is flat and small, and its pages are long: elements are found with `indexOf`. Namespace prefixes,
 * attributes, white space, self-closing and missing elements are taken as they come; comments and DTDs do not occur.
 */

/** A span of an element's content. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** First position behind the closing tag. */
  readonly after: number;
}

/** `s3:` where the document's root element has a prefix, else empty. */
export function namespacePrefix(xml: string): string {
  return /<([A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*[\s/>]/.exec(xml)?.[1] ?? '';
}

/** Contents of all elements `name` (with its prefix), in order. */
export function* eachElement(xml: string, name: string): Generator<string, void, undefined> {
  for (let at = findElement(xml, name, 0, xml.length); at !== null; at = findElement(xml, name, at.after, xml.length)) {
    // A slice costs nothing, and it keeps the search for a missing element from running through the whole page.
    yield xml.slice(at.start, at.end);
  }
}

/** The next element `name` (with its prefix) that opens at `from` or later and closes before `limit`. */
export function findElement(xml: string, name: string, from: number, limit: number): Span | null {
  const opening = `<${name}`;
  for (let at = xml.indexOf(opening, from); at !== -1 && at < limit; at = xml.indexOf(opening, at + 1)) {
    let position = at + opening.length;
    const next = xml.charCodeAt(position);
    if (next !== GREATER) {
      // `<Key` also begins `<KeyCount>`.
      if (next !== SLASH && next !== SPACE && next !== LINE_FEED && next !== TAB && next !== CARRIAGE_RETURN) continue;
      position = xml.indexOf('>', position);
      if (position === -1 || position >= limit) return null;
      if (xml.charCodeAt(position - 1) === SLASH) return { start: position, end: position, after: position + 1 };
    }
    return closeElement(xml, name, position + 1, limit);
  }
  return null;
}

function closeElement(xml: string, name: string, start: number, limit: number): Span | null {
  const closing = `</${name}`;
  for (let end = xml.indexOf(closing, start); end !== -1 && end <= limit; end = xml.indexOf(closing, end + 1)) {
    const next = end + closing.length;
    if (xml.charCodeAt(next) === GREATER) return { start, end, after: next + 1 };
    const close = xml.indexOf('>', next);
    // `</Bucket` also begins `</BucketRegion>`.
    if (close !== -1 && xml.slice(next, close).trim() === '') return { start, end, after: close + 1 };
  }
  return null;
}

/** Text of the next element `name`, entities undone; null where there is none. */
export function elementText(xml: string, name: string): string | null {
  const span = findElement(xml, name, 0, xml.length);
  return span === null ? null : decodeText(xml.slice(span.start, span.end));
}

/** Undoes entities and CDATA sections. */
export function decodeText(text: string): string {
  if (text.includes('<![CDATA[')) {
    return text
      .split(/(<!\[CDATA\[[\s\S]*?\]\]>)/)
      .map((part) => (part.startsWith('<![CDATA[') ? part.slice(9, -3) : decodeText(part)))
      .join('');
  }
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]+|#[0-9]+|[a-z]+);/g, (whole, name: string) => {
    if (name.startsWith('#')) {
      const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }
    return NAMED[name] ?? whole;
  });
}

/** For element content; control characters as references, because a bare CR would be read back as LF. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (character) => ESCAPED[character] ?? `&#${character.charCodeAt(0)};`);
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const GREATER = 0x3e;
const SLASH = 0x2f;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;
