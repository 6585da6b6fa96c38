import { QueryTextError } from '../../shared/query-text/query-text-error.ts';
import type { ObjectFact } from '../../shared/query.ts';
import { STORAGE_CLASSES } from '../../shared/storage-classes.ts';
import { parseStorageRule, type StorageRule } from '../../shared/storage-rules.ts';
import { markedPlace } from './marked-place.ts';
import { UsageError } from './usage-error.ts';

/** `GLACIER_IR if status = "closed"`. Throws UsageError. */
export function storageRuleOf(text: string, facts?: readonly ObjectFact[]): StorageRule {
  const { storageClass = '', where = '' } = /^\s*(?<storageClass>\S+)\s+if\s+(?<where>.*)$/is.exec(text)?.groups ?? {};
  const known = STORAGE_CLASSES.map(({ name }) => name);
  if (!known.includes(storageClass)) {
    throw new UsageError(
      `--storage-class-rule takes a class and conditions, such as 'STANDARD_IA if @size > 131072', not "${text}". Classes are ${known.join(', ')}.`,
    );
  }
  try {
    parseStorageRule(where, facts);
  } catch (error) {
    if (!(error instanceof QueryTextError)) throw error;
    const place = markedPlace(where, error.column - 1);
    throw new UsageError(`--storage-class-rule, column ${error.column} of the conditions: ${error.message}\n${place}`);
  }
  return { storageClass, where };
}
