/** The text is no well-formed XML, or uses what no answer of S3 does (a DTD). */
export class MalformedXml extends Error {}

/**
 * Reads a document forwards, without making a tree of it: the caller takes each child element as it comes, by
 * `readText`, `readChildren` or `skip`. As strict as an XML parser, because a page that is cut or garbled must not be
 * taken for a shorter one; the reader in `xml.ts`, which takes answers as they come, is for refusals, that people are to
 * see whatever their form. Two things it lets pass: DTDs are refused, and control characters, which XML has no way to
 * write but keys may hold, are taken as they are.
 */
export class XmlReader {
  readonly #text: string;
  #at = 0;
  /** Names of the elements that are open are checked against their closing tags. */
  #name = '';
  #isEmpty = false;
  readonly #hasReferences: boolean;
  readonly #hasCarriageReturns: boolean;
  readonly #hasSectionEnds: boolean;

  constructor(text: string) {
    this.#text = text;
    // Three searches at the speed of memory spare three a text.
    this.#hasReferences = text.includes('&');
    this.#hasCarriageReturns = text.includes('\r');
    this.#hasSectionEnds = text.includes(']]>');
  }

  /** Goes into the root element; its name with its prefix. */
  readRoot(): string {
    if (this.#text.charCodeAt(0) === BYTE_ORDER_MARK) this.#at = 1;
    DECLARATION.lastIndex = this.#at;
    if (DECLARATION.test(this.#text)) this.#at = DECLARATION.lastIndex;
    this.#skipBetween();
    if (this.#text.charCodeAt(this.#at) !== LESS) throw new MalformedXml('no root element');
    this.#open();
    return this.#name;
  }

  /** To be called when the root has been read: nothing but white space and comments may follow. */
  readEnd(): void {
    this.#skipBetween();
    if (this.#at !== this.#text.length) throw new MalformedXml('text behind the root element');
  }

  /** Reads the element that was opened last: `onChild` is given each child's name and has to read it. */
  readChildren(onChild: (name: string) => void): void {
    this.#readContent(onChild, null);
  }

  /** Reads the element that was opened last; its text without that of child elements, references undone. */
  readText(): string {
    const text = this.#text;
    // The usual leaf, without ceremony: text, then the closing tag.
    if (!this.#isEmpty) {
      const start = this.#at;
      const end = text.indexOf('<', start);
      const closing = end + 2;
      const name = this.#name;
      const after = closing + name.length;
      if (
        end !== -1 &&
        text.charCodeAt(end + 1) === SLASH &&
        text.charCodeAt(after) === GREATER &&
        text.startsWith(name, closing)
      ) {
        this.#at = after + 1;
        return this.#decode(text.slice(start, end));
      }
    }
    const parts: string[] = [];
    this.#readContent(() => this.skip(), parts);
    return parts.join('');
  }

  /**
   * Reads the element that was opened last, where what a sticky pattern matches is all of the rest of it, with its
   * closing tag; null where it does not match, and nothing was read. That it takes only what is well-formed is the
   * pattern's business.
   */
  readMatch(pattern: RegExp): RegExpExecArray | null {
    if (this.#isEmpty) return null;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  /** Reads the element that was opened last, for nothing but its end. */
  skip(): void {
    // The references in it are checked all the same.
    this.readText();
  }

  #readContent(onChild: (name: string) => void, parts: string[] | null): void {
    if (this.#isEmpty) {
      this.#isEmpty = false;
      return;
    }
    const text = this.#text;
    const name = this.#name;
    for (;;) {
      const start = this.#at;
      const end = text.indexOf('<', start);
      if (end === -1) throw new MalformedXml(`<${name}> is not closed`);
      if (end > start) {
        const part = this.#decode(text.slice(start, end));
        parts?.push(part);
      }
      this.#at = end;
      const next = text.charCodeAt(end + 1);
      if (next === SLASH) {
        this.#close(name);
        return;
      }
      if (next === EXCLAMATION) {
        if (text.startsWith('<![CDATA[', end)) {
          const close = this.#find(']]>', end + 9);
          parts?.push(this.#normalise(text.slice(end + 9, close)));
          this.#at = close + 3;
        } else {
          this.#skipComment();
        }
      } else if (next === QUESTION) {
        this.#skipInstruction();
      } else {
        this.#open();
        onChild(this.#name);
      }
    }
  }

  #open(): void {
    const text = this.#text;
    const start = this.#at + 1;
    let end = start;
    if (!isNameStart(text.charCodeAt(end))) throw new MalformedXml('an element without a name');
    end += 1;
    while (isNamePart(text.charCodeAt(end))) end += 1;
    this.#name = text.slice(start, end);
    this.#isEmpty = false;
    if (text.charCodeAt(end) === GREATER) {
      this.#at = end + 1;
      return;
    }
    const seen = new Set<string>();
    for (;;) {
      ATTRIBUTE.lastIndex = end;
      const attribute = ATTRIBUTE.exec(text);
      if (attribute === null) break;
      const [, name = '', quoted, value = quoted ?? ''] = attribute;
      if (seen.has(name)) throw new MalformedXml(`attribute ${name} twice`);
      seen.add(name);
      this.#decodeReferences(value);
      end = ATTRIBUTE.lastIndex;
    }
    TAG_END.lastIndex = end;
    const tagEnd = TAG_END.exec(text);
    if (tagEnd === null) throw new MalformedXml(`the tag <${this.#name}> is not closed`);
    this.#isEmpty = tagEnd[1] === '/';
    this.#at = TAG_END.lastIndex;
  }

  #close(name: string): void {
    const text = this.#text;
    let at = this.#at + 2;
    if (!text.startsWith(name, at)) throw new MalformedXml(`<${name}> is not closed`);
    at += name.length;
    while (isSpace(text.charCodeAt(at))) at += 1;
    if (text.charCodeAt(at) !== GREATER) throw new MalformedXml(`<${name}> is not closed`);
    this.#at = at + 1;
  }

  #decode(raw: string): string {
    if (this.#hasSectionEnds && raw.includes(']]>')) throw new MalformedXml('the end of a section without its start');
    return this.#decodeReferences(this.#normalise(raw));
  }

  #normalise(raw: string): string {
    return this.#hasCarriageReturns && raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  }

  #decodeReferences(raw: string): string {
    if (!this.#hasReferences) return raw;
    let at = raw.indexOf('&');
    if (at === -1) return raw;
    let decoded = '';
    let from = 0;
    for (; at !== -1; at = raw.indexOf('&', from)) {
      const end = raw.indexOf(';', at);
      if (end === -1) throw new MalformedXml('a reference without its end');
      decoded += raw.slice(from, at) + decodeReference(raw.slice(at + 1, end));
      from = end + 1;
    }
    return decoded + raw.slice(from);
  }

  #skipBetween(): void {
    for (;;) {
      while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
      if (this.#text.startsWith('<!--', this.#at)) this.#skipComment();
      else if (this.#text.startsWith('<?', this.#at)) this.#skipInstruction();
      else return;
    }
  }

  #skipComment(): void {
    if (!this.#text.startsWith('<!--', this.#at)) throw new MalformedXml('a declaration');
    const end = this.#find('--', this.#at + 4);
    if (this.#text.charCodeAt(end + 2) !== GREATER) throw new MalformedXml('"--" in a comment');
    this.#at = end + 3;
  }

  #skipInstruction(): void {
    const end = this.#find('?>', this.#at + 2);
    INSTRUCTION.lastIndex = this.#at;
    if (!INSTRUCTION.test(this.#text)) throw new MalformedXml('an instruction without a name');
    this.#at = end + 2;
  }

  #find(what: string, from: number): number {
    const found = this.#text.indexOf(what, from);
    if (found === -1) throw new MalformedXml(`no "${what}"`);
    return found;
  }
}

function decodeReference(name: string): string {
  const named = NAMED.get(name);
  if (named !== undefined) return named;
  const code = /^#x[0-9a-fA-F]+$/.test(name)
    ? Number.parseInt(name.slice(2), 16)
    : /^#[0-9]+$/.test(name)
      ? Number.parseInt(name.slice(1), 10)
      : Number.NaN;
  if (!(code > 0 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff))
    throw new MalformedXml(`the reference &${name};`);
  return String.fromCodePoint(code);
}

function isNameStart(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f || unit === 0x3a || unit > 0xbf
  );
}

function isNamePart(unit: number): boolean {
  return isNameStart(unit) || (unit >= 0x30 && unit <= 0x39) || unit === 0x2d || unit === 0x2e || unit === 0xb7;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['quot', '"'],
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['apos', "'"],
]);
const DECLARATION =
  /<\?xml\s+version\s*=\s*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:\s+encoding\s*=\s*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/y;
const ATTRIBUTE =
  /[ \t\r\n]+([A-Za-z_:\u00c0-\uffff][\w:.\-\u00b7-\uffff]*)[ \t\r\n]*=[ \t\r\n]*(?:"([^<"]*)"|'([^<']*)')/y;
const INSTRUCTION = /<\?(?!xml[\s?])[A-Za-z_:\u00c0-\uffff][\w:.\-\u00b7-\uffff]*[\s?]/iy;
const TAG_END = /[ \t\r\n]*(\/?)>/y;
const BYTE_ORDER_MARK = 0xfeff;
const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;
