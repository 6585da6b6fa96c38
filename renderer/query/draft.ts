import type { FieldKind } from '../../shared/page.ts';
import type { Operator } from '../../shared/query.ts';

/**
 * A query as it is being built: every value is the text that was typed, so that nothing is rounded on the way, and a
 * condition may still lack its field or value. What is sent is made by `query-text.ts`.
 */
export interface DraftGroup {
  readonly type: 'group';
  readonly id: string;
  /** `none` is the NOT of `any`. */
  readonly mode: GroupMode;
  readonly rules: readonly DraftRule[];
}

export type GroupMode = 'all' | 'any' | 'none';

export interface DraftCondition {
  readonly type: 'condition';
  readonly id: string;
  /** Null until chosen. */
  readonly field: string | null;
  readonly operator: Operator;
  /** What its values are written as. */
  readonly valueKind: ValueType;
  /** One text, two for `between`; none where the operator takes no value or a list. */
  readonly values: readonly string[];
  /** The list of `in` and `not_in`, each with a type of its own; empty with other operators. */
  readonly items: readonly ListItem[];
  /** False while the field is one of which it was not known what its values are: its type is taken up when it is. */
  readonly kindKnown: boolean;
}

/** A value of a list: what it is in JSON, and its text without quotes. */
export interface ListItem {
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  readonly text: string;
}

export type DraftRule = DraftGroup | DraftCondition;

/** How a typed text becomes a value: a date is a string in JSON, and is checked for being a date. */
export type ValueType = 'number' | 'string' | 'date' | 'boolean';

export const EMPTY_DRAFT: DraftGroup = { type: 'group', id: 'root', mode: 'all', rules: [] };

export function newCondition(): DraftCondition {
  return {
    type: 'condition',
    id: crypto.randomUUID(),
    field: null,
    operator: '=',
    valueKind: 'string',
    values: [''],
    items: [],
    kindKnown: false,
  };
}

export function newGroup(mode: GroupMode): DraftGroup {
  return { type: 'group', id: crypto.randomUUID(), mode, rules: [newCondition()] };
}

export function valueTypeOf(kind: FieldKind | null): ValueType {
  return kind === 'number' || kind === 'date' || kind === 'boolean' ? kind : 'string';
}

export function addRule(root: DraftGroup, group: string, rule: DraftRule): DraftGroup {
  return mapGroup(root, group, (found) => ({ ...found, rules: [...found.rules, rule] }));
}

export function changeMode(root: DraftGroup, group: string, mode: GroupMode): DraftGroup {
  return mapGroup(root, group, (found) => ({ ...found, mode }));
}

export function changeCondition(root: DraftGroup, condition: DraftCondition): DraftGroup {
  return mapRules(root, (rule) => (rule.id === condition.id ? condition : rule));
}

/** Without the rule, and without the groups that are empty because of it. */
export function removeRule(root: DraftGroup, id: string): DraftGroup {
  return mapRules(root, (rule) => {
    if (rule.id === id) return null;
    return rule.type === 'group' && rule.rules.length === 0 ? null : rule;
  });
}

export function conditionsOf(group: DraftGroup): readonly DraftCondition[] {
  return group.rules.flatMap((rule) => (rule.type === 'group' ? conditionsOf(rule) : [rule]));
}

function mapGroup(root: DraftGroup, id: string, change: (group: DraftGroup) => DraftGroup): DraftGroup {
  if (root.id === id) return change(root);
  return { ...root, rules: root.rules.map((rule) => (rule.type === 'group' ? mapGroup(rule, id, change) : rule)) };
}

/** From the inside out; null removes. */
function mapRules(group: DraftGroup, change: (rule: DraftRule) => DraftRule | null): DraftGroup {
  const rules = group.rules.flatMap((rule) => {
    const changed = change(rule.type === 'group' ? mapRules(rule, change) : rule);
    return changed === null ? [] : [changed];
  });
  return { ...group, rules };
}
