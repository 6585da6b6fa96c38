import { VARIABLE, type FileVariable } from '../../../shared/connection-file.ts';
import { EntryProblem } from './entry-problem.ts';

export interface Variables {
  /**
   * A value of the file with its placeholders replaced, as dataknobs-config does it; strings alone have any. `isSecret`
   * says what stands there. Throws EntryProblem for one without a value, and for a secret where none belongs: it would be
   * shown and saved.
   */
  replace(value: unknown, isSecret: boolean): unknown;
  /** Notes the placeholders of a value, whatever becomes of it. */
  meet(value: unknown, isSecret: boolean): void;
  lookUp(name: string): string | null;
  /** Of all that have a value. */
  names(): readonly string[];
  /** The value of a variable that has one, and that the file need not name. */
  take(name: string, isSecret: boolean): string;
  /** All that were met. */
  met(): readonly FileVariable[];
}

/** In a place that is no secret, a variable with such a name is one that slipped there. */
const SECRET_NAME = /secret|token|passw|private|credential/i;

export function createVariables(
  given: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Variables {
  const met = new Map<string, FileVariable>();

  /** `__proto__` is no variable that somebody gave. */
  const givenValue = (name: string): string | undefined => (Object.hasOwn(given, name) ? given[name] : undefined);

  function note([, name = '', modifier, rest]: Match, isSecret: boolean): string | null {
    const own = givenValue(name);
    const fallback = modifier === '?' ? undefined : rest;
    const value = own ?? environment[name] ?? fallback ?? null;
    const from = own !== undefined ? 'given' : environment[name] !== undefined ? 'environment' : 'default';
    const before = met.get(name);
    met.set(name, {
      name,
      // One place with a default does not help another without.
      from: value === null || before?.from === 'missing' ? 'missing' : from,
      isSecret: isSecret || before?.isSecret === true,
    });
    return value;
  }

  function valueOf(match: Match, isSecret: boolean): string {
    const [, name = '', modifier, rest] = match;
    if (!isSecret && (SECRET_NAME.test(name) || met.get(name)?.isSecret === true)) {
      throw new EntryProblem(`\${${name}} is a secret, and stands where none belongs. Take another variable there.`);
    }
    const value = note(match, isSecret);
    if (value !== null) return value;
    const said = modifier === '?' && rest ? ` The file says: ${rest}.` : '';
    throw new EntryProblem(`The variable ${name} is not set, and the file has no default for it.${said}`);
  }

  return {
    names: () => [...new Set([...Object.keys(environment), ...Object.keys(given)])],
    take: (name, isSecret) => {
      const own = givenValue(name);
      met.set(name, { name, from: own === undefined ? 'environment' : 'given', isSecret });
      return own ?? environment[name] ?? '';
    },
    meet: (value, isSecret) => {
      if (typeof value === 'string') for (const match of value.matchAll(VARIABLE)) note(match, isSecret);
    },
    replace: (value, isSecret) => {
      if (typeof value !== 'string') return value;
      let text = '';
      let end = 0;
      for (const match of value.matchAll(VARIABLE)) {
        text += value.slice(end, match.index) + valueOf(match, isSecret);
        end = match.index + match[0].length;
      }
      return text + value.slice(end);
    },
    lookUp: (name) => givenValue(name) ?? environment[name] ?? null,
    met: () => [...met.values()],
  };
}

type Match = RegExpExecArray;
