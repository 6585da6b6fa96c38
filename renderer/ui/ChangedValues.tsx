import styles from './ChangedValues.module.css';
import { Icon } from './Icon.tsx';

/** A value that becomes another one; null where there is none. */
export interface ChangedValue {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Characters of a value that are drawn. */
const SHOWN_CHARACTERS = 400;

/** Values before and after, a line each, marked where they differ. */
export function ChangedValues({ values }: { readonly values: readonly ChangedValue[] }) {
  return (
    <dl className={styles.values}>
      {values.map(({ name, before, after }) => {
        const same = before === null || after === null ? NOTHING_SAME : sameEnds(before, after);
        return (
          <div key={name} className={styles.value}>
            <dt className={styles.name}>{name}</dt>
            <dd className={styles.before}>
              <Text text={before} same={same} side="before" />
            </dd>
            <dd className={styles.after}>
              <Icon name="arrow-right" />
              <span className={styles.text}>
                <Text text={after} same={same} side="after" />
              </span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

interface TextProps {
  readonly text: string | null;
  readonly same: SameEnds;
  readonly side: 'before' | 'after';
}

function Text({ text, same: { start, end }, side }: TextProps) {
  if (text === null) return <span className={styles.missing}>missing</span>;
  const differs = text.slice(start, text.length - end);
  return (
    <>
      {clipped(text.slice(0, start))}
      {differs === '' ? null : side === 'before' ? (
        <del className={styles.removed}>{clipped(differs)}</del>
      ) : (
        <ins className={styles.added}>{clipped(differs)}</ins>
      )}
      {clipped(text.slice(text.length - end))}
    </>
  );
}

function clipped(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** Characters that two texts have together at their ends. */
export interface SameEnds {
  readonly start: number;
  readonly end: number;
}

const NOTHING_SAME: SameEnds = { start: 0, end: 0 };

/** Texts of which little is the same are marked as a whole: single letters in common say nothing. */
export function sameEnds(one: string, other: string): SameEnds {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  // Neither of them begins or ends inside of one character.
  if (isHighHalf(one, start - 1)) start -= 1;
  if (end > 0 && isHighHalf(one, one.length - end - 1)) end -= 1;
  return (start + end) * 2 >= most ? { start, end } : NOTHING_SAME;
}

function isHighHalf(text: string, at: number): boolean {
  const code = at < 0 ? 0 : text.charCodeAt(at);
  return code >= 0xd8_00 && code <= 0xdb_ff;
}
