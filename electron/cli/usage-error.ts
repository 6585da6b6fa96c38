/** The command was called wrongly: exit code 2. The message is a sentence for people. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
