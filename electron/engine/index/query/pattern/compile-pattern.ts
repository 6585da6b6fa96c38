import { parsePattern } from './read-pattern.ts';
import { type Re2Test, toRe2 } from './to-re2.ts';
import { toScript } from './to-script.ts';

/** One pattern, for DuckDB and for values that are read from bodies. Both mean the same. */
export interface CompiledPattern {
  /** Null where RE2 cannot say it. */
  readonly re2: Re2Test | null;
  /** Has no state: `test` may be called with any text at any time. */
  readonly script: RegExp;
}

/** Of a Python regular expression. `invalid-query` where Python would raise, `pattern-refused` where nobody here can say it. */
export function compilePattern(text: string): CompiledPattern {
  const node = parsePattern(text);
  return { re2: toRe2(node), script: toScript(node) };
}
