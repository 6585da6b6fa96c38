import {
  type Condition,
  type Group,
  isAny,
  isGroup,
  type PlaceCondition,
  type Rule,
} from '../../../../shared/query.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { addressOf } from './place.ts';

/** DuckDB plans conditions in about the square of their number: so many take two seconds. */
export const MOST_CONDITIONS = 5_000;

/**
 * The same rule with `or`s of many equal-to conditions on one place as one `in`, which costs no planning. Refuses what has
 * too many conditions all the same.
 */
export function mergeEquals(rule: Rule): Rule {
  const merged = mergeRule(rule);
  if (countConditions(merged) > MOST_CONDITIONS) {
    throw new AppFailure(
      'invalid-query',
      `The query has more than ${MOST_CONDITIONS.toLocaleString('en')} conditions. Use in with a list of values, or ask in parts.`,
      { detail: { path: 'where' } },
    );
  }
  return merged;
}

function mergeRule(rule: Rule): Rule {
  if (!isGroup(rule)) return rule;
  const rules = rule.rules.map(mergeRule);
  return { ...rule, rules: rule.combinator === 'or' ? mergeAlternatives(rules) : rules };
}

function mergeAlternatives(rules: Group['rules']): Group['rules'] {
  const byPlace = new Map<string, PlaceCondition[]>();
  const others: Rule[] = [];
  for (const rule of rules) {
    if (isGroup(rule) || !isEquality(rule)) {
      others.push(rule);
      continue;
    }
    const place = JSON.stringify(addressOf(rule));
    const same = byPlace.get(place);
    if (same === undefined) byPlace.set(place, [rule]);
    else same.push(rule);
  }
  const merged = [...byPlace.values()].flatMap((same): readonly PlaceCondition[] => {
    const [first, second] = same;
    if (first === undefined || second === undefined) return same;
    return [{ ...first, operator: 'in', value: same.map(({ value = null }) => value) }];
  });
  return [...merged, ...others];
}

/** Equal to a plain value; to a list or an object means less within `in`. */
function isEquality(condition: Condition): condition is PlaceCondition {
  if (isAny(condition) || condition.operator !== '=') return false;
  return (
    typeof condition.value === 'string' || typeof condition.value === 'number' || typeof condition.value === 'boolean'
  );
}

function countConditions(rule: Rule): number {
  return isGroup(rule) ? rule.rules.reduce((sum, inner) => sum + countConditions(inner), 0) : 1;
}
