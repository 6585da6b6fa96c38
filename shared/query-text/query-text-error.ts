/** What is wrong with a query's text form, and where. */
export class QueryTextError extends Error {
  /** From 1, in UTF-16 units, as editors and carets count. */
  readonly column: number;

  /** @param at from 0 */
  constructor(message: string, at: number) {
    super(message);
    this.column = at + 1;
  }
}
