import { appliedRule, isGroup, type Query, type Rule } from '../../../../shared/query.ts';

/** Whether a query finds every row there is, in whatever order. */
export function findsEverything({ where, nearest, limit = null, offset = null }: Query): boolean {
  const applied = where === undefined ? null : appliedRule(where);
  const isUnlimited = nearest === undefined && limit === null && (offset ?? 0) === 0;
  return isUnlimited && (applied === null || isAlwaysTrue(applied));
}

/** An empty group is how a query builder says "no condition": unreadable rows are shown then. */
export function isAlwaysTrue(rule: Rule): boolean {
  return isGroup(rule) && rule.combinator === 'and' && rule.not !== true && rule.rules.every(isAlwaysTrue);
}
