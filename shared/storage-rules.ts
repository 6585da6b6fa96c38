import { isGroup, OBJECT_FACTS, type ObjectFact, type Rule } from './query.ts';
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

/** What is known of one that is there already; its tags may not be. */
export const OBJECT_RULE_FACTS: readonly ObjectFact[] = OBJECT_FACTS.filter((fact) => fact !== 'version');

/** Conditions of a rule; throws QueryTextError where they are none, or ask of other facts than these. */
export function parseStorageRule(where: string, facts: readonly ObjectFact[] = RULED_FACTS): Rule {
  const rule = parseWhere(where);
  if (rule === null) throw new QueryTextError('A condition is missing, such as @size > 131072.', 0);
  const unknown = unknownPlace(rule, facts);
  if (unknown !== null) {
    const reason =
      facts === RULED_FACTS
        ? `${unknown} is not known before an object is written. Ask for fields, @size (bytes) and @key.`
        : `No rule for classes asks for ${unknown}. Ask for fields and ${facts.map((fact) => `@${fact}`).join(', ')}.`;
    throw new QueryTextError(reason, Math.max(0, where.indexOf(unknown)));
  }
  return rule;
}

/** Why a rule's conditions are none, in a sentence; null where they are. */
export function storageRuleProblem(where: string, facts?: readonly ObjectFact[]): string | null {
  try {
    parseStorageRule(where, facts);
    return null;
  } catch (error) {
    if (!(error instanceof QueryTextError)) throw error;
    return error.message;
  }
}

/** As it is written in the text form, as far as that is one word. */
function unknownPlace(rule: Rule, facts: readonly ObjectFact[]): string | null {
  if (isGroup(rule)) {
    for (const inner of rule.rules) {
      const found = unknownPlace(inner, facts);
      if (found !== null) return found;
    }
    return null;
  }
  if ('tag' in rule) return '@tag';
  return 'object' in rule && !facts.includes(rule.object) ? `@${rule.object}` : null;
}
