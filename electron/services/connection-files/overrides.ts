import { isOverride } from '../../../shared/connection-file.ts';
import { SECRET_KEYS } from './configuration-keys.ts';
import type { Entry } from './read-entry.ts';
import type { Variables } from './variables.ts';

/** Which of the databases in a list it is. */
export interface PlacedEntry {
  readonly name: string;
  readonly place: number;
  /** Of the list. */
  readonly count: number;
}

/**
 * The entry with what variables such as `DATAKNOBS_DATABASES__0__BUCKET` and `DATAKNOBS_DATABASES__FILMS__MAX_WORKERS` put
 * over it, as `EnvironmentOverrides` of dataknobs-config reads them: in place of the name a position, from the end where it
 * is negative; names and keys in lower case, whatever the variable has.
 */
export function overridden(entry: Entry, { name, place, count }: PlacedEntry, variables: Variables): Entry {
  const values = variables.names().flatMap((variable): [string, unknown][] => {
    if (!isOverride(variable)) return [];
    const [, selector = '', ...rest] = variable.split('__');
    const key = rest.join('__').toLowerCase();
    const position = /^-?\d+$/.test(selector) ? Number(selector) : null;
    const isMeant =
      position === null ? selector.toLowerCase() === name : (position < 0 ? count + position : position) === place;
    return isMeant ? [[key, typed(variables.take(variable, SECRET_KEYS.has(key)))]] : [];
  });
  return values.length === 0 ? entry : { ...entry, ...Object.fromEntries(values) };
}

/** Not the words of YAML: `1` and `yes` are true. */
function typed(text: string): string | number | boolean {
  if (/^(true|yes|1)$/i.test(text)) return true;
  if (/^(false|no|0)$/i.test(text)) return false;
  return /^\s*[+-]?(\d+(_\d+)*)?\.?\d+(e[+-]?\d+)?\s*$/i.test(text) ? Number(text.replaceAll('_', '')) : text;
}
