import { OPERATORS } from '../../shared/query.ts';
import type { DraftCondition, DraftGroup, DraftRule, ListItem } from './draft.ts';

/** A query that was kept as it was being built, or null where it is not of a form that this page writes. */
export function readKeptDraft(value: unknown): DraftGroup | null {
  const rule = readRule(value);
  return rule?.type === 'group' ? rule : null;
}

function readRule(value: unknown): DraftRule | null {
  if (typeof value !== 'object' || value === null) return null;
  return 'type' in value && value.type === 'group' ? readGroup(value) : readCondition(value);
}

function readGroup(value: Partial<Record<keyof DraftGroup, unknown>>): DraftGroup | null {
  const { id, mode, rules } = value;
  if (typeof id !== 'string' || !isOneOf(mode, ['all', 'any', 'none']) || !Array.isArray(rules)) return null;
  const read = rules.map(readRule);
  if (!read.every((rule) => rule !== null)) return null;
  return { type: 'group', id, mode, rules: read };
}

function readCondition(value: Partial<Record<keyof DraftCondition, unknown>>): DraftCondition | null {
  const { type, id, field, operator, valueKind, values, items, kindKnown } = value;
  if (type !== 'condition' || typeof id !== 'string') return null;
  if (field !== null && typeof field !== 'string') return null;
  if (!isOneOf(operator, OPERATORS) || !isOneOf(valueKind, ['number', 'string', 'date', 'boolean'])) return null;
  if (!Array.isArray(values) || !values.every((text) => typeof text === 'string')) return null;
  if (!Array.isArray(items) || !items.every(isItem) || typeof kindKnown !== 'boolean') return null;
  return { type, id, field, operator, valueKind, values, items, kindKnown };
}

function isItem(value: unknown): value is ListItem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    isOneOf(value.type, ['string', 'number', 'boolean', 'null']) &&
    'text' in value &&
    typeof value.text === 'string'
  );
}

function isOneOf<const T>(value: unknown, options: readonly T[]): value is T {
  return options.some((option) => option === value);
}
