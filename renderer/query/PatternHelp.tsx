import type { AppError } from '../../shared/result.ts';
import { toAppError, isAborted } from '../api/call.ts';
import type { FieldSample, PatternMatches, SampledField } from '../api/field-sample.ts';
import { useFieldSample, usePatternMatches } from '../api/search-queries.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import { classes } from '../ui/classes.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { placeName } from './draft-place.ts';
import type { DraftCondition } from './draft.ts';
import { hasFlag, PATTERN_FLAGS, withFlag } from './pattern-flags.ts';
import styles from './PatternHelp.module.css';
import { SyntaxSheet } from './SyntaxSheet.tsx';
import { useSettled } from './use-settled.ts';

const LONGEST_VALUE = 120;
const SETTLED_AFTER = 150;

export interface PatternHelpProps {
  readonly id: string;
  readonly collection: string;
  readonly condition: DraftCondition;
  readonly field: SampledField;
  readonly onPattern: (pattern: string) => void;
}

/** What a pattern finds while it is typed, among values that the collection has; where it is wrong; its flags. */
export function PatternHelp({ id, collection, condition, field, onPattern }: PatternHelpProps) {
  const pattern = condition.values[0] ?? '';
  const settled = useSettled(pattern, SETTLED_AFTER);
  const sample = useFieldSample(collection, field);
  const asked = settled === '' ? null : { place: field.place, operator: condition.operator, pattern: settled };
  const matches = usePatternMatches(collection, asked, sample.data);
  const problem =
    asked === null || matches.error === null || isAborted(matches.error) ? null : toAppError(matches.error);
  const found = asked === null || problem !== null ? null : (matches.data ?? null);
  return (
    <div className={styles.help}>
      <div className={styles.line}>
        <span id={id} role="status" className={problem === null ? styles.said : styles.problem}>
          {problem === null
            ? matches.isPlaceholderData
              ? 'Looking …'
              : foundWords(sample.data, found)
            : problem.message}
        </span>
        {problem === null ? null : <PatternAt pattern={settled} problem={problem} />}
        {condition.operator === 'regex' ? (
          <span className={styles.flags}>
            {PATTERN_FLAGS.map(({ flag, name }) => (
              <Checkbox
                key={flag}
                label={name}
                checked={hasFlag(pattern, flag)}
                onChange={(on) => onPattern(withFlag(pattern, flag, on))}
              />
            ))}
            <SyntaxSheet label="Syntax of regular expressions" signs={SYNTAX}>
              As Python’s re.search reads it: the pattern may fit anywhere in the value, and case matters.
            </SyntaxSheet>
          </span>
        ) : null}
      </div>
      <Values field={placeName(field.place)} sample={sample.data} found={found} />
    </div>
  );
}

function foundWords(sample: FieldSample | undefined, found: PatternMatches | null): string {
  if (found !== null) return `${formatCount(found.total)} of ${countOf(found.of, 'record')} fit`;
  if (sample === undefined) return '';
  if (sample.values.length === 0) return 'The index holds no text in this field';
  const values = countOf(sample.values.length, 'value');
  return sample.whole
    ? `${values} in ${countOf(sample.looked, 'record')}`
    : `${values} of the first ${formatCount(sample.looked)} records`;
}

/** The pattern with the character marked at which it is wrong. */
function PatternAt({ pattern, problem }: { readonly pattern: string; readonly problem: AppError }) {
  const column = problem.detail?.column;
  if (column === undefined) return null;
  // Counted as Python counts: by code points.
  const characters = Array.from(pattern);
  return (
    <code className={styles.pattern} aria-hidden="true">
      {characters.slice(0, column - 1).join('')}
      <mark className={styles.wrong}>{characters[column - 1] ?? ' '}</mark>
      {characters.slice(column).join('')}
    </code>
  );
}

interface ValuesProps {
  readonly field: string;
  readonly sample: FieldSample | undefined;
  readonly found: PatternMatches | null;
}

/** Those that fit stand first. */
function Values({ field, sample, found }: ValuesProps) {
  if (sample === undefined || sample.values.length === 0) return null;
  const fits = (record: string): boolean => found?.records.has(record) ?? false;
  const ordered = sample.values.toSorted((one, other) => Number(fits(other.record)) - Number(fits(one.record)));
  return (
    <ul className={styles.values} aria-label={`Values of ${field}`}>
      {ordered.map(({ text, record }) => (
        <li
          key={text}
          title={text}
          className={classes(
            styles.value,
            fits(record) && styles.fits,
            found !== null && !fits(record) && styles.other,
          )}
        >
          {fits(record) ? (
            <span role="img" aria-label="fits: " className={styles.mark}>
              <Icon name="check" size={12} />
            </span>
          ) : null}
          <span className={styles.text}>
            {text === '' ? '""' : text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text}
          </span>
        </li>
      ))}
    </ul>
  );
}

const SYNTAX: readonly (readonly [string, string])[] = [
  ['.', 'any character but a line break'],
  ['[abc]  [^abc]', 'one of these, none of these'],
  ['\\d  \\w  \\s', 'a digit, a letter or digit, a blank'],
  ['*  +  ?  {2,5}', 'any number, one or more, at most one, two to five'],
  ['a|b  (ab)+', 'one or the other, a group'],
  ['^  $  \\b', 'start, end, edge of a word'],
  ['\\.', 'the character itself'],
];
