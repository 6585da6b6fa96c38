import { createContext, Script } from 'node:vm';
import { AppFailure } from '../../../../shared/result.ts';
import { refused } from '../query/pattern/to-script.ts';

/** What all texts of a query may take together, and more for each of their characters: an honest pattern needs less. */
const MILLISECONDS = 1_500;
const MILLISECONDS_A_CHARACTER = 0.000_05;

const context: { work: (() => unknown) | null } = { work: null };
createContext(context);
const script = new Script('work()');

/**
 * Runs tests of patterns in JavaScript, which goes back and tries again: `(a+)+$` may take for ever, and nobody else in the
 * process is heard meanwhile. V8 can stop a running pattern, but only one that a script of `node:vm` runs.
 */
export class PatternClock {
  #left = MILLISECONDS;

  /** `characters`: of the texts that `work` looks at, about. `pattern-refused` where it takes too long. */
  run<T>(work: () => T, characters: number): T {
    this.#left += characters * MILLISECONDS_A_CHARACTER;
    const startedAt = performance.now();
    let answer: { readonly value: T } | null = null;
    context.work = () => {
      answer = { value: work() };
    };
    try {
      script.runInContext(context, { timeout: Math.max(1, Math.ceil(this.#left)) });
    } catch (error) {
      throw failureOf(error);
    } finally {
      context.work = null;
      this.#left -= performance.now() - startedAt;
    }
    if (answer === null) throw new TypeError('The work did not run.');
    return (answer as { readonly value: T }).value;
  }
}

function failureOf(error: unknown): unknown {
  // An error of the script's own realm, whose Error is another one.
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
    return new AppFailure(
      'pattern-refused',
      'This regular expression takes too long: it tries too many ways to match one text. Write it without a repetition inside of a repetition.',
      { cause: error },
    );
  }
  // V8 compiles a pattern when it first looks at a text.
  if (error instanceof SyntaxError || error instanceof RangeError) return refused('it is too large');
  return error;
}
