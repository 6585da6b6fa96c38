import { S3Failure } from './s3-failure.ts';

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

// oxlint-disable-next-line no-control-regex -- S3 writes control characters as references that XML 1.0 forbids
const SPECIAL = /[&<>"\u0000-\u001f\u007f]/g;
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (character) => NAMED[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);
}

/** One element with text content. */
export function element(name: string, text: string | number | boolean): string {
  return `<${name}>${escapeXml(String(text))}</${name}>`;
}

export interface XmlElement {
  /** Without a namespace prefix. */
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  readonly qualified: string;
  text: string;
  readonly children: XmlElement[];
}

const TOKEN =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s<>/!?]+)((?:"[^"]*"|'[^']*'|[^<>"'])*?)(\/?)>|([^<]+)/y;
const DEEPEST = 16;

/** Reads a small request document. No DTD, no entities of its own: anything else is `MalformedXML`. */
export function parseXml(source: string): XmlElement {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const open: OpenElement[] = [];
  let root: XmlElement | null = null;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (match === null) throw malformed();
    const [, cdata, closing, qualified, , selfClosing, characters] = match;
    const current = open.at(-1);
    if (qualified !== undefined && closing === '') {
      if (root !== null || open.length === DEEPEST) throw malformed();
      open.push({ name: qualified.slice(qualified.indexOf(':') + 1), qualified, text: '', children: [] });
    }
    if (qualified !== undefined && (closing === '/' || selfClosing === '/')) {
      const ended = open.pop();
      if (ended === undefined || ended.qualified !== qualified) throw malformed();
      const parent = open.at(-1);
      if (parent === undefined) root = ended;
      else parent.children.push(ended);
    } else if (current !== undefined) {
      current.text += cdata ?? decodeEntities(characters ?? '');
    } else if (cdata !== undefined || (characters !== undefined && characters.trim() !== '')) {
      throw malformed();
    }
  }
  if (root === null || open.length > 0) throw malformed();
  return root;
}

export function malformed(): S3Failure {
  return new S3Failure(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

function decodeEntities(text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const known = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name];
    if (known !== undefined && whole.endsWith(';')) return known;
    const reference = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    const code = Number.parseInt(reference?.[1] ?? reference?.[2] ?? '', reference?.[1] === undefined ? 10 : 16);
    if (!whole.endsWith(';') || !(code <= 0x10ffff)) throw malformed();
    return String.fromCodePoint(code);
  });
}
