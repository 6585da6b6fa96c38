import { LONGEST_ROW, TOO_LONG, type SourceRow, type SourceRows } from './source-row.ts';

/**
 * The items of one list, or JSON values one after the other, cut out of a text of any length. Only brackets and strings
 * are looked at: what an item holds is read later, so that a broken one is one bad row.
 */
export async function* jsonRows(text: AsyncIterable<string>): SourceRows {
  const splitter = new JsonSplitter();
  for await (const piece of text) yield splitter.push(piece);
  yield splitter.end();
}

/** `value`: within one. `after`: behind an item of a list, before its comma. `over`: behind the end of the list. */
type Stage = 'start' | 'between' | 'value' | 'word' | 'after' | 'over';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

class JsonSplitter {
  #stage: Stage = 'start';
  #isList = false;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** Of the value under way, from pieces before. */
  #kept: string[] = [];
  #keptLength = 0;
  #isTooLong = false;
  #at = 0;
  #hasStray = false;
  #rows: SourceRow[] = [];

  push(piece: string): readonly SourceRow[] {
    let from = 0;
    for (let position = 0; position < piece.length; position += 1) {
      const code = piece.charCodeAt(position);
      if (this.#stage === 'value') {
        if (this.#inString) {
          if (this.#isEscaped) this.#isEscaped = false;
          else if (code === BACKSLASH) this.#isEscaped = true;
          else if (code === QUOTE) this.#inString = false;
          if (this.#inString || this.#depth > 0) continue;
        } else if (code === QUOTE) {
          this.#inString = true;
          continue;
        } else if (isOpening(code)) {
          this.#depth += 1;
          continue;
        } else if (isClosing(code)) {
          this.#depth -= 1;
        } else {
          continue;
        }
        if (this.#depth > 0) continue;
        this.#take(piece.slice(from, position + 1));
        this.#stage = this.#isList ? 'after' : 'between';
        continue;
      }
      if (this.#stage === 'word') {
        if (!(this.#isList ? isBlank(code) || code === 0x2c || code === 0x5d : code === 0x0a)) continue;
        this.#take(piece.slice(from, position));
        this.#stage = this.#isList ? 'after' : 'between';
      }
      if (isBlank(code) || (this.#stage === 'start' && code === 0xfeff)) continue;
      if (this.#isSeparator(code)) continue;
      from = position;
      this.#begin(code);
    }
    if (this.#stage === 'value' || this.#stage === 'word') this.#keep(piece.slice(from));
    return this.#given();
  }

  end(): readonly SourceRow[] {
    if (this.#stage === 'word' && !this.#isList) this.#take('');
    else if (this.#stage === 'value' || this.#stage === 'word') this.#break('The file ends in the middle of this row.');
    else if (this.#isList && this.#stage !== 'over') this.#bad('The file ends before the list does: ] is missing.');
    return this.#given();
  }

  /** What stands between values; true where this was it. */
  #isSeparator(code: number): boolean {
    switch (this.#stage) {
      case 'start':
        if (code !== 0x5b) {
          this.#stage = 'between';
          return false;
        }
        this.#isList = true;
        this.#stage = 'between';
        return true;
      case 'between':
        if (!this.#isList || (code !== 0x2c && code !== 0x5d)) return false;
        if (code === 0x2c) this.#bad('A value is missing before this comma.');
        else this.#endList();
        return true;
      case 'after':
        if (code === 0x2c) this.#stage = 'between';
        else if (code === 0x5d) this.#endList();
        else if (!this.#hasStray) {
          this.#hasStray = true;
          this.#bad('A comma is missing before this row, or a bracket is too many.');
        }
        if (code !== 0x2c && code !== 0x5d) return isClosing(code);
        return true;
      case 'over':
        if (!this.#hasStray) this.#bad('There is more text behind the end of the list.');
        this.#hasStray = true;
        return true;
      case 'value':
      case 'word':
        return false;
    }
  }

  #endList(): void {
    this.#stage = 'over';
    this.#hasStray = false;
  }

  #begin(code: number): void {
    this.#hasStray = false;
    this.#depth = isOpening(code) ? 1 : 0;
    this.#inString = code === QUOTE;
    this.#stage = this.#depth > 0 || this.#inString ? 'value' : 'word';
  }

  #keep(text: string): void {
    if (this.#keptLength + text.length > LONGEST_ROW) {
      this.#isTooLong = true;
      this.#kept = [];
    }
    if (this.#isTooLong) return;
    this.#kept.push(text);
    this.#keptLength += text.length;
  }

  #take(last: string): void {
    this.#keep(last);
    this.#at += 1;
    const text = this.#kept.join('');
    this.#rows.push(
      this.#isTooLong
        ? { kind: 'broken', at: this.#at, text: null, problem: TOO_LONG }
        : { kind: 'json', at: this.#at, text },
    );
    this.#reset();
  }

  #break(problem: string): void {
    this.#at += 1;
    this.#rows.push({ kind: 'broken', at: this.#at, text: this.#isTooLong ? null : this.#kept.join(''), problem });
    this.#reset();
  }

  #bad(problem: string): void {
    this.#at += 1;
    this.#rows.push({ kind: 'broken', at: this.#at, text: null, problem });
  }

  #reset(): void {
    this.#kept = [];
    this.#keptLength = 0;
    this.#isTooLong = false;
  }

  #given(): readonly SourceRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}

function isOpening(code: number): boolean {
  return code === 0x7b || code === 0x5b;
}

function isClosing(code: number): boolean {
  return code === 0x7d || code === 0x5d;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
