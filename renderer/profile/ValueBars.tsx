import type { Counted, TopValues } from '../../shared/profile.ts';
import { classes } from '../ui/classes.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { countWords } from './bin-words.ts';
import styles from './Profile.module.css';

/** Further ones stand in the table. */
const SHOWN = 8;

export interface ValueBarsProps {
  readonly name: string;
  readonly chart: TopValues;
  /** Records without a value. */
  readonly missing: Counted;
  readonly everything: boolean;
  /** Texts of the values that the query asks for. */
  readonly asked: ReadonlySet<string>;
  readonly missingAsked: boolean;
  readonly onValue: (value: string | boolean) => void;
  readonly onMissing: () => void;
}

/** The most frequent values, each a bar and a button that asks for it. */
export function ValueBars(props: ValueBarsProps) {
  const { name, chart, missing, everything, asked, missingAsked, onValue, onMissing } = props;
  const shown = chart.values.slice(0, SHOWN);
  const rest = chart.values.slice(SHOWN).reduce(sum, chart.others);
  const most = Math.max(1, ...shown.map(({ all }) => all), missing.all);
  const further = chart.distinct - shown.length;
  if (shown.length === 0 && missing.all === 0) return null;
  return (
    <ul className={styles.values} aria-label={`Values of ${name}`}>
      {shown.map((counted) => (
        <li key={String(counted.value)}>
          <ValueBar
            words={counted.value === '' ? '""' : String(counted.value)}
            counted={counted}
            most={most}
            everything={everything}
            pressed={asked.has(String(counted.value))}
            onPress={() => onValue(counted.value)}
          />
        </li>
      ))}
      {rest.all === 0 || shown.length === 0 ? null : (
        <li className={styles.value}>
          <span className={styles.valueName}>{chart.sampled ? 'others' : countOf(further, 'other')}</span>
          <Track counted={rest} most={Math.max(most, rest.all)} everything={everything} quiet />
          <span className={styles.valueCount}>{formatCount(rest.found)}</span>
        </li>
      )}
      {missing.all === 0 ? null : (
        <li>
          <ValueBar
            words="no value"
            italic
            counted={missing}
            most={most}
            everything={everything}
            pressed={missingAsked}
            onPress={onMissing}
          />
        </li>
      )}
    </ul>
  );
}

interface ValueBarProps {
  readonly words: string;
  readonly italic?: boolean;
  readonly counted: Counted;
  readonly most: number;
  readonly everything: boolean;
  readonly pressed: boolean;
  readonly onPress: () => void;
}

function ValueBar({ words, italic = false, counted, most, everything, pressed, onPress }: ValueBarProps) {
  return (
    <button
      type="button"
      className={classes(
        styles.value,
        styles.valueButton,
        pressed && styles.here,
        counted.found === 0 && styles.outside,
      )}
      aria-pressed={pressed}
      aria-label={`${words}: ${countWords(counted)} records`}
      title={`${words}\n${countWords(counted)} records`}
      onClick={onPress}
    >
      <span className={classes(styles.valueName, italic && styles.italic)}>{words}</span>
      <Track counted={counted} most={most} everything={everything} />
      <span className={styles.valueCount}>{formatCount(counted.found)}</span>
    </button>
  );
}

interface TrackProps {
  readonly counted: Counted;
  readonly most: number;
  readonly everything: boolean;
  readonly quiet?: boolean;
}

function Track({ counted, most, everything, quiet = false }: TrackProps) {
  return (
    <span className={styles.track} aria-hidden="true">
      {everything ? null : <i className={styles.behind} style={{ width: widthOf(counted.all, most) }} />}
      <i className={classes(styles.found, quiet && styles.quiet)} style={{ width: widthOf(counted.found, most) }} />
    </span>
  );
}

function widthOf(rows: number, most: number): string {
  return rows === 0 ? '0' : `max(2px, ${(100 * rows) / most}%)`;
}

function sum(left: Counted, right: Counted): Counted {
  return { found: left.found + right.found, all: left.all + right.all };
}
