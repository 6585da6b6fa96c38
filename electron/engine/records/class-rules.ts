import { appliedRule, isGroup, type ObjectFact, type Rule } from '../../../shared/query.ts';
import { QueryTextError } from '../../../shared/query-text/query-text-error.ts';
import { AppFailure } from '../../../shared/result.ts';
import { parseStorageRule, type StorageRule } from '../../../shared/storage-rules.ts';
import { conditionTest } from '../index/query/evaluate.ts';
import type { QueriedRecord } from '../index/query/place.ts';
import { valueNode } from '../index/query/value-node.ts';
import type { DecodedRecord } from './codec.ts';

/** A record that is about to be written. */
export interface RuledRecord {
  readonly id: string;
  readonly key: string;
  /** Bytes of the object. */
  readonly size: number;
  readonly record: DecodedRecord;
}

/** The class of the first rule that is true of a record; null where none is. */
export type ChooseClass = (record: RuledRecord) => string | null;

/**
 * Rules made ready to be asked of many records. `now`: milliseconds since 1970, for `within_last`. Throws
 * `invalid-arguments` for a rule that cannot be asked.
 */
export function createClassRules(rules: readonly StorageRule[], now: number): ChooseClass {
  const tests = rules.map(({ where, storageClass }) => ({ test: testOf(readStorageRule(where), now), storageClass }));
  return (ruled) => {
    if (tests.length === 0) return null;
    const { id, key, size, record } = ruled;
    const asked = { own: { id, fields: record.fields, metadata: record.metadata }, facts: factsOf(key, size) };
    return tests.find(({ test }) => test(asked))?.storageClass ?? null;
  };
}

interface Asked {
  readonly own: QueriedRecord;
  /** Facts of the object, as fields of a record: what they mean to an operator is the same. */
  readonly facts: QueriedRecord;
}

function testOf(rule: Rule | null, now: number): (asked: Asked) => boolean {
  // All of it is off: then it is no rule for anything.
  if (rule === null) return () => false;
  if (isGroup(rule)) {
    const tests = rule.rules.map((inner) => testOf(inner, now));
    const not = rule.not ?? false;
    return rule.combinator === 'and'
      ? (asked) => tests.every((test) => test(asked)) !== not
      : (asked) => tests.some((test) => test(asked)) !== not;
  }
  if ('object' in rule) {
    const { object: field, ...comparison } = rule;
    const test = conditionTest({ ...comparison, field }, now);
    return ({ facts }) => test(facts);
  }
  const test = conditionTest(rule, now);
  return ({ own }) => test(own);
}

function factsOf(key: string, size: number): QueriedRecord {
  const fields = [
    { name: 'key', value: valueNode(key) },
    { name: 'size', value: valueNode(size) },
  ];
  return { id: '', fields, metadata: [] };
}

/** Conditions of a rule; null where all of them are off. Throws `invalid-arguments`. */
export function readStorageRule(where: string, facts?: readonly ObjectFact[]): Rule | null {
  try {
    return appliedRule(parseStorageRule(where, facts));
  } catch (error) {
    if (!(error instanceof QueryTextError)) throw error;
    throw new AppFailure(
      'invalid-arguments',
      `The rule ${JSON.stringify(where)} for storage classes cannot be asked: ${error.message}`,
      { cause: error },
    );
  }
}
