/** Lets the writes of one key through one after the other, first come first served: of the same id given twice the last one stays. */
export class KeyTurns {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Every `take` must `give` once. Null where it is its turn already, as nearly always. */
  take(key: string): Promise<void> | null {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      this.#waiting.set(key, []);
      return null;
    }
    return new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }

  give(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next === undefined) this.#waiting.delete(key);
    else next();
  }
}
