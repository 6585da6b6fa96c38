import { appliedRule, isAny, isGroup, type Query, type Rule } from '../../../../shared/query.ts';

/** Whether tags decide what a query finds, or in which order. */
export function asksTags({ where, sort = [] }: Query): boolean {
  const applied = where === undefined ? null : appliedRule(where);
  return (applied !== null && namesTag(applied)) || sort.some((key) => 'tag' in key);
}

/** Finds every record whose tags matter to a query: those that its other conditions hold of. */
export function withoutTags({ where }: Query): Query {
  const applied = where === undefined ? null : appliedRule(where);
  const kept = applied === null ? [] : conjuncts(applied).filter((rule) => !namesTag(rule));
  const [only] = kept;
  if (only === undefined) return {};
  return { where: kept.length === 1 ? only : { combinator: 'and', rules: kept } };
}

/** Rules that must all hold. */
export function conjuncts(rule: Rule): readonly Rule[] {
  return isGroup(rule) && rule.combinator === 'and' && rule.not !== true ? rule.rules.flatMap(conjuncts) : [rule];
}

function namesTag(rule: Rule): boolean {
  if (isGroup(rule)) return rule.rules.some(namesTag);
  return !isAny(rule) && 'tag' in rule;
}
