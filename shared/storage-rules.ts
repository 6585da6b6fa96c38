import { isGroup, type ObjectFact, type Rule } from './query.ts';
import { parseWhere } from './query-text/parse-where.ts';
import { QueryTextError } from './query-text/query-text-error.ts';

/** Which storage class a record is written into by what it is. Of several rules the first that is true of it counts. */
export interface StorageRule {
  /** Conditions in the text form of the query language, of fields, `@size` (bytes of the object) and `@key`. */
  readonly where: string;
  readonly storageClass: string;
}

export const MOST_STORAGE_RULES = 50;

/** What is known of an object before it is written. */
export const RULED_FACTS = ['size', 'key'] as const satisfies readonly ObjectFact[];
export type RuledFact = (typeof RULED_FACTS)[number];

/** Conditions of a rule; throws QueryTextError where they are none. */
export function parseStorageRule(where: string): Rule {
  const rule = parseWhere(where);
  if (rule === null) throw new QueryTextError('A condition is missing, such as @size > 131072.', 0);
  const unknown = unknownPlace(rule);
  if (unknown !== null) {
    throw new QueryTextError(
      `${unknown} is not known before an object is written. Ask for fields, @size (bytes) and @key.`,
      Math.max(0, where.indexOf(unknown)),
    );
  }
  return rule;
}

/** Why a rule's conditions are none, in a sentence; null where they are. */
export function storageRuleProblem(where: string): string | null {
  try {
    parseStorageRule(where);
    return null;
  } catch (error) {
    if (!(error instanceof QueryTextError)) throw error;
    return error.message;
  }
}

/** As it is written in the text form, as far as that is one word. */
function unknownPlace(rule: Rule): string | null {
  if (isGroup(rule)) {
    for (const inner of rule.rules) {
      const found = unknownPlace(inner);
      if (found !== null) return found;
    }
    return null;
  }
  if ('tag' in rule) return '@tag';
  const known: readonly string[] = RULED_FACTS;
  return 'object' in rule && !known.includes(rule.object) ? `@${rule.object}` : null;
}
