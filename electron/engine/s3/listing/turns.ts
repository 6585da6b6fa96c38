/**
 * Gives work that takes a millisecond or two a turn of the event loop each: of many answers that arrive together, all
 * would otherwise be worked on before anything else has its turn.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves in a turn that no one else was given. */
  async take(): Promise<void> {
    this.#last = this.#last.then(
      async () =>
        new Promise<void>((resolve) => {
          setImmediate(resolve);
        }),
    );
    return this.#last;
  }
}
