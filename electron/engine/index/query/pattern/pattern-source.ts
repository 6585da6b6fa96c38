import { AppFailure } from '../../../../../shared/result.ts';

/** The text of a pattern, read by code points as Python's `re` does: a backslash and what follows are one token. */
export class PatternSource {
  readonly #characters: readonly string[];
  #position = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  /** Code points read so far. */
  get position(): number {
    return this.#position;
  }

  /** Goes back to where `position` was. */
  seek(position: number): void {
    this.#position = position;
  }

  /** The next token without taking it; null at the end. */
  peek(): string | null {
    const next = this.#characters[this.#position];
    if (next === undefined) return null;
    if (next !== '\\') return next;
    const escaped = this.#characters[this.#position + 1];
    if (escaped === undefined) throw this.invalid('it ends with a single backslash');
    return next + escaped;
  }

  take(): string | null {
    const token = this.peek();
    if (token !== null) this.#position += token.startsWith('\\') ? 2 : 1;
    return token;
  }

  takeIf(token: string): boolean {
    if (this.peek() !== token) return false;
    this.take();
    return true;
  }

  /** At most `most` characters of those given. */
  takeWhile(characters: string, most: number): string {
    let taken = '';
    while (taken.length < most) {
      const next = this.#characters[this.#position];
      if (next === undefined || !characters.includes(next)) break;
      taken += next;
      this.#position++;
    }
    return taken;
  }

  takeUntil(end: string, name: string): string {
    let taken = '';
    for (;;) {
      const next = this.take();
      if (next === null) throw this.invalid(`the ${name} has no ${end} behind it`);
      if (next === end) break;
      taken += next;
    }
    if (taken === '') throw this.invalid(`the ${name} is missing`);
    return taken;
  }

  invalid(what: string, position = this.#position): AppFailure {
    return new AppFailure(
      'invalid-query',
      `The regular expression is not valid: ${what} (character ${position + 1}). Correct it.`,
      { detail: { column: position + 1 } },
    );
  }
}
