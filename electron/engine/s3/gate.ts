/**
 * Lets at most `limit` in at a time, first come first served. In front of undici's pools, because a request that waits
 * in there cannot be taken back, and because one limit holds for all hosts of a connection (virtual-host style).
 */
export class Gate {
  readonly limit: number;
  #inside = 0;
  #closed = false;
  readonly #waiting = new Set<{ enter(): void; refuse(): void }>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Resolves to true when inside; to false when the signal fired first or the gate was closed. */
  async enter(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#closed || signal?.aborted === true) return false;
    if (this.#inside < this.limit) {
      this.#inside += 1;
      return true;
    }
    return await new Promise<boolean>((resolve) => {
      const refuse = (): void => {
        this.#waiting.delete(ticket);
        signal?.removeEventListener('abort', refuse);
        resolve(false);
      };
      const ticket = {
        enter: (): void => {
          signal?.removeEventListener('abort', refuse);
          resolve(true);
        },
        refuse,
      };
      this.#waiting.add(ticket);
      signal?.addEventListener('abort', refuse);
    });
  }

  /** Every `enter` that resolved to true must leave once. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#inside -= 1;
      return;
    }
    this.#waiting.delete(next);
    next.enter();
  }

  /** Refuses all who wait and all who come. */
  close(): void {
    this.#closed = true;
    for (const ticket of this.#waiting) ticket.refuse();
  }
}
