import type { FieldKind } from '../../shared/page.ts';
import type { Operator } from '../../shared/query.ts';
import type { DraftPlace } from './draft-place.ts';

/**
 * A query as it is being built: every value is the text that was typed, so that nothing is rounded on the way, and a
 * condition may still lack its place or value. What is sent is made by `draft-rule.ts`.
 */
export interface DraftGroup {
  readonly type: 'group';
  readonly id: string;
  /** `none` is the NOT of `any`, `not-all` that of `all`. */
  readonly mode: GroupMode;
  /** Kept, not applied. */
  readonly off: boolean;
  readonly rules: readonly DraftRule[];
}

export const GROUP_MODES = ['all', 'any', 'none', 'not-all'] as const;
export type GroupMode = (typeof GROUP_MODES)[number];

export interface DraftCondition {
  readonly type: 'condition';
  readonly id: string;
  /** Kept, not applied. */
  readonly off: boolean;
  /** Null until chosen. */
  readonly place: DraftPlace | null;
  readonly operator: Operator;
  /** What its values are written as. */
  readonly valueKind: ValueType;
  /**
   * As many texts as the operator's shape has: one, two for `between`, comparison and number for `length`, number and unit
   * for `within_last`. Of a list only that it is to be empty: `EMPTY_LIST`.
   */
  readonly values: readonly string[];
  /** The list of `in` and its like, each with a type of its own; empty with other operators. */
  readonly items: readonly ListItem[];
  /** False while the place is one of which it was not known what its values are: its type is taken up when it is. */
  readonly kindKnown: boolean;
}

/** A value of a list: what it is in JSON, and its text without quotes; `json` are lists and objects. */
export interface ListItem {
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'json';
  readonly text: string;
}

export type DraftRule = DraftGroup | DraftCondition;

export const VALUE_TYPES = ['string', 'number', 'date', 'boolean', 'json'] as const;

/**
 * How a typed text becomes a value: a date is a string in JSON, and is checked for being a date; `json` is any value,
 * written as JSON.
 */
export type ValueType = (typeof VALUE_TYPES)[number];

/** In `values` of a condition whose list is empty on purpose, not for want of values. */
export const EMPTY_LIST: readonly string[] = ['[]'];

export const EMPTY_DRAFT: DraftGroup = { type: 'group', id: 'root', mode: 'all', off: false, rules: [] };

export function newCondition(): DraftCondition {
  return {
    type: 'condition',
    id: crypto.randomUUID(),
    off: false,
    place: null,
    operator: '=',
    valueKind: 'string',
    values: [''],
    items: [],
    kindKnown: false,
  };
}

export function newGroup(mode: GroupMode): DraftGroup {
  return { type: 'group', id: crypto.randomUUID(), mode, off: false, rules: [newCondition()] };
}

export function valueTypeOf(kind: FieldKind | null): ValueType {
  if (kind === 'list' || kind === 'object') return 'json';
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

export function setOff(root: DraftGroup, id: string, off: boolean): DraftGroup {
  return mapRules(root, (rule) => (rule.id === id ? { ...rule, off } : rule));
}

/** Without the rule, and without the groups that are empty because of it. */
export function removeRule(root: DraftGroup, id: string): DraftGroup {
  const rules = root.rules.flatMap((rule): readonly DraftRule[] => {
    if (rule.id === id) return [];
    if (rule.type === 'condition') return [rule];
    const left = removeRule(rule, id);
    return left.rules.length === 0 && rule.rules.length > 0 ? [] : [left];
  });
  return { ...root, rules };
}

export function conditionsOf(group: DraftGroup): readonly DraftCondition[] {
  return group.rules.flatMap((rule) => (rule.type === 'group' ? conditionsOf(rule) : [rule]));
}

function mapGroup(root: DraftGroup, id: string, change: (group: DraftGroup) => DraftGroup): DraftGroup {
  if (root.id === id) return change(root);
  return { ...root, rules: root.rules.map((rule) => (rule.type === 'group' ? mapGroup(rule, id, change) : rule)) };
}

function mapRules(group: DraftGroup, change: (rule: DraftRule) => DraftRule): DraftGroup {
  return { ...group, rules: group.rules.map((rule) => change(rule.type === 'group' ? mapRules(rule, change) : rule)) };
}
