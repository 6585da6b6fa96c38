import { QueryTextError } from './query-text-error.ts';
import { type Mark, readTokens, type Token } from './tokens.ts';

/** Goes through the tokens of a text, one ahead. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = readTokens(text);
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new TypeError('A list of tokens has an end.');
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Whether the next token is this word, in any case. */
  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  isMark(mark: Mark, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'mark' && token.text === mark;
  }

  takeWord(word: string): boolean {
    const found = this.isWord(word);
    if (found) this.#next += 1;
    return found;
  }

  takeMark(mark: Mark): boolean {
    const found = this.isMark(mark);
    if (found) this.#next += 1;
    return found;
  }

  needMark(mark: Mark, what: string): void {
    if (!this.takeMark(mark)) this.fail(what);
  }

  /** @param what is wrong at the next token */
  fail(what: string): never {
    throw new QueryTextError(what, this.peek().start);
  }
}
