import type { CsvReading } from '../../../../../shared/import.ts';
import { LONGEST_ROW, TOO_LONG, type SourceRow, type SourceRows } from './source-row.ts';

/**
 * CSV, by RFC 4180 with any delimiter and quote, and lines that end with LF, CR LF or CR. A library would tell neither which
 * cells stood in quotes (csv-parse does, at eight times the time) nor go on with the line behind a quote that is not closed.
 */
export async function* cellRows(
  text: AsyncIterable<string>,
  reading: Pick<CsvReading, 'delimiter' | 'quote'>,
): SourceRows {
  const splitter = new CsvSplitter(reading.delimiter, reading.quote);
  for await (const piece of text) yield splitter.push(piece);
  yield splitter.end();
}

const LF = 0x0a;
const CR = 0x0d;

/** What scanning a row came to: where the next one begins, or that it is cut off by the end of the text, or broken. */
type Scanned = number | 'cut' | 'unclosed' | 'behind-quote';

class CsvSplitter {
  readonly #delimiter: number;
  readonly #quote: string;
  readonly #quoteCode: number;
  readonly #doubled: string;
  /** What is not a whole row yet, and what came behind it. */
  #text = '';
  #more: string[] = [];
  #moreLength = 0;
  #line = 1;
  #cells: string[] = [];
  /** Line ends within the cells of the row under way. */
  #inner = 0;

  constructor(delimiter: string, quote: string) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote;
    this.#quoteCode = quote.charCodeAt(0);
    this.#doubled = quote + quote;
  }

  push(piece: string): readonly SourceRow[] {
    this.#more.push(piece);
    this.#moreLength += piece.length;
    // A row over many pieces is looked at again when there is twice as much of it, not with each of them; and once it is too long.
    const isShort = this.#text.length + this.#moreLength <= LONGEST_ROW;
    if (isShort && this.#moreLength < this.#text.length) return [];
    return this.#split(false);
  }

  end(): readonly SourceRow[] {
    return this.#split(true);
  }

  #split(isLast: boolean): readonly SourceRow[] {
    const text = this.#text + this.#more.join('');
    this.#more = [];
    this.#moreLength = 0;
    const rows: SourceRow[] = [];
    let from = 0;
    while (from < text.length) {
      const scanned = this.#scan(text, from, isLast);
      // Whether its end has been read must not make a difference: a row has the same position each time.
      const next = typeof scanned === 'number' && scanned - from > LONGEST_ROW ? 'cut' : scanned;
      if (typeof next === 'number') {
        if (!this.#isBlankLine()) rows.push({ kind: 'cells', at: this.#line, cells: this.#cells });
        this.#line += this.#inner + 1;
        from = next;
        continue;
      }
      if (next === 'cut' && text.length - from <= LONGEST_ROW) break;
      // Its first line is given up, so that what follows is read.
      const end = endOfLine(text, from);
      const content = text.slice(from, end);
      rows.push({ kind: 'broken', at: this.#line, text: content, problem: problemOf(next) });
      this.#line += 1;
      from = afterLineEnd(text, end);
    }
    this.#text = text.slice(from);
    return rows;
  }

  /** Puts the cells of the row that begins at `from` into `#cells`. */
  #scan(text: string, from: number, isLast: boolean): Scanned {
    const cells: string[] = [];
    this.#cells = cells;
    this.#inner = 0;
    for (let position = from; ;) {
      let end: number;
      if (text.charCodeAt(position) === this.#quoteCode) {
        end = this.#closingQuote(text, position + 1);
        if (end < 0) return isLast ? 'unclosed' : 'cut';
        const content = text.slice(position + 1, end);
        cells.push(`"${content.includes(this.#doubled) ? content.replaceAll(this.#doubled, this.#quote) : content}`);
        this.#inner += lineEnds(content);
        end += 1;
        // It may be the first of two.
        if (end >= text.length && !isLast) return 'cut';
      } else {
        end = this.#endOfCell(text, position);
        cells.push(text.slice(position, end));
      }
      if (end >= text.length) return isLast ? end : 'cut';
      const code = text.charCodeAt(end);
      if (code === this.#delimiter) {
        position = end + 1;
        continue;
      }
      if (code !== LF && code !== CR) return 'behind-quote';
      // Perhaps the LF of a CR LF is in the next piece.
      if (code === CR && end + 1 >= text.length && !isLast) return 'cut';
      return afterLineEnd(text, end);
    }
  }

  #closingQuote(text: string, from: number): number {
    for (let end = text.indexOf(this.#quote, from); end >= 0; end = text.indexOf(this.#quote, end + 2)) {
      if (text.charCodeAt(end + 1) !== this.#quoteCode) return end;
    }
    return -1;
  }

  #endOfCell(text: string, from: number): number {
    let end = from;
    for (; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === this.#delimiter || code === LF || code === CR) break;
    }
    return end;
  }

  #isBlankLine(): boolean {
    return this.#cells.length === 1 && this.#cells[0] === '';
  }
}

function problemOf(scanned: 'cut' | 'unclosed' | 'behind-quote'): string {
  switch (scanned) {
    case 'cut':
      return TOO_LONG;
    case 'unclosed':
      return 'A quote is opened and never closed.';
    case 'behind-quote':
      return 'There is more text behind a closing quote, or a quote is not closed.';
  }
}

function endOfLine(text: string, from: number): number {
  for (let end = from; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === LF || code === CR) return end;
  }
  return text.length;
}

function afterLineEnd(text: string, end: number): number {
  return text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF ? end + 2 : end + 1;
}

function lineEnds(content: string): number {
  let count = 0;
  for (let at = content.indexOf('\n'); at >= 0; at = content.indexOf('\n', at + 1)) count += 1;
  return count;
}
