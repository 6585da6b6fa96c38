/**
 * One waits for news that others bring. News that nobody waits for is nothing: a promise that is resolved once more would
 * call V8's runtime and Node's watch on promises, several times for each record of a batch.
 */
export class Waiter {
  #wake: (() => void) | null = null;

  /** Until the next news. */
  async wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
