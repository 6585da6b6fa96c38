import { OBJECT_FACTS, OPERATORS } from '../../shared/query.ts';
import { EVERY_FIELD, type DraftPlace } from './draft-place.ts';
import {
  GROUP_MODES,
  VALUE_TYPES,
  type DraftCondition,
  type DraftGroup,
  type DraftRule,
  type ListItem,
} from './draft.ts';

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
  const { id, mode, off, rules } = value;
  if (typeof id !== 'string' || !isOneOf(mode, GROUP_MODES) || typeof off !== 'boolean') return null;
  if (!Array.isArray(rules)) return null;
  const read = rules.map(readRule);
  if (!read.every((rule) => rule !== null)) return null;
  return { type: 'group', id, mode, off, rules: read };
}

function readCondition(value: Partial<Record<keyof DraftCondition, unknown>>): DraftCondition | null {
  const { type, id, off, operator, valueKind, values, items, kindKnown } = value;
  if (type !== 'condition' || typeof id !== 'string' || typeof off !== 'boolean') return null;
  const place = value.place === null ? null : readPlace(value.place);
  if (place === undefined || !isOneOf(operator, OPERATORS) || !isOneOf(valueKind, VALUE_TYPES)) return null;
  if (!Array.isArray(values) || !values.every((text) => typeof text === 'string')) return null;
  if (!Array.isArray(items) || !items.every(isItem) || typeof kindKnown !== 'boolean') return null;
  return { type, id, off, place, operator, valueKind, values, items, kindKnown };
}

function readPlace(value: unknown): DraftPlace | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('any' in value && value.any === true) return EVERY_FIELD;
  if ('field' in value && typeof value.field === 'string') return { field: value.field };
  if ('tag' in value && typeof value.tag === 'string') return { tag: value.tag };
  if ('object' in value && isOneOf(value.object, OBJECT_FACTS)) return { object: value.object };
  if (!('path' in value) || !Array.isArray(value.path) || value.path.length === 0) return undefined;
  const isPath = value.path.every((step) => typeof step === 'string' || Number.isInteger(step));
  return isPath ? { path: value.path } : undefined;
}

function isItem(value: unknown): value is ListItem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    isOneOf(value.type, ['string', 'number', 'boolean', 'null', 'json']) &&
    'text' in value &&
    typeof value.text === 'string'
  );
}

function isOneOf<const T>(value: unknown, options: readonly T[]): value is T {
  return options.some((option) => option === value);
}
