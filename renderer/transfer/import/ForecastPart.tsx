import { useEffect, useRef } from 'react';
import { formatBytes } from '../../../shared/byte-size.ts';
import type { ImportExample, ImportFate, ImportForecast } from '../../../shared/import.ts';
import { dollarsText } from '../../../shared/plan-text.ts';
import { classes } from '../../ui/classes.ts';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import styles from './ImportDialog.module.css';

const FATES: readonly (readonly [fate: ImportFate, words: string])[] = [
  ['new', 'new'],
  ['changed', 'changed'],
  ['same', 'the same already'],
  ['kept', 'left as they are'],
  ['conflict', 'in conflict'],
  ['invalid', 'invalid'],
];

const WORDS: ReadonlyMap<ImportFate, string> = new Map(FATES);

const COLOURS: Readonly<Partial<Record<ImportFate, string | undefined>>> = {
  new: styles.added,
  changed: styles.changed,
  conflict: styles.failed,
  invalid: styles.failed,
};

export interface ForecastPartProps {
  readonly forecast: ImportForecast;
  /** Something was changed since. */
  readonly isOld: boolean;
}

/** What an import would do: how many of each fate, what that takes, and examples with what differs. */
export function ForecastPart({ forecast, isOld }: ForecastPartProps) {
  const { rows, counts, examples, requests, bytes, dollars } = forecast;
  const section = useRef<HTMLElement>(null);
  // Who asked for it sees it, however long the page above it is.
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section ref={section} className={classes(styles.forecast, isOld && styles.old)} aria-label="Dry run">
      <div className={styles.forecastHead}>
        <h3 className={styles.sectionTitle}>Dry run</h3>
        <span className={styles.soft} role="status">
          {isOld
            ? `Of all ${formatCount(rows)} rows, before the last change: run it again`
            : `All ${formatCount(rows)} rows, against what is there now; nothing was written`}
        </span>
      </div>
      <dl className={styles.figures}>
        {FATES.filter(([fate]) => counts[fate] > 0 || fate === 'new').map(([fate, words]) => (
          <div key={fate}>
            <dt>{words}</dt>
            <dd className={COLOURS[fate]}>{formatCount(counts[fate])}</dd>
          </div>
        ))}
        <div className={styles.first}>
          <dt>Requests</dt>
          <dd>{requests.map(({ operation, count }) => `${formatCount(count)} ${operation}`).join(', ') || '0'}</dd>
        </div>
        <div>
          <dt>Data</dt>
          <dd>{formatBytes(bytes)}</dd>
        </div>
        <div>
          <dt>Price</dt>
          <dd>{dollars === null ? 'nobody bills' : dollarsText(dollars)}</dd>
        </div>
      </dl>
      {examples.length === 0 ? null : (
        <ul className={styles.examples}>
          {examples
            .toSorted((one, other) => worth(one) - worth(other))
            .map((example) => (
              <Example key={`${example.fate} ${example.place}`} example={example} />
            ))}
        </ul>
      )}
    </section>
  );
}

/** What a person has to look at stands before what is as it should be. */
const BY_WORTH: readonly ImportFate[] = ['conflict', 'invalid', 'changed', 'kept', 'new'];

function worth({ fate }: ImportExample): number {
  return BY_WORTH.indexOf(fate);
}

const SHOWN_CHANGES = 5;

function Example({ example: { fate, place, key, problem, changes } }: { readonly example: ImportExample }) {
  return (
    <li className={styles.example}>
      <span className={classes(styles.fate, COLOURS[fate])}>{WORDS.get(fate)}</span>
      <span className={styles.soft}>{place}</span>
      <div>
        {problem === null ? <span className={styles.mono}>{key}</span> : problem}
        {changes.slice(0, SHOWN_CHANGES).map(({ path, before, after }) => (
          <div key={path.join('\0')} className={styles.change}>
            <span className={styles.soft}>{path.join('.')}</span>
            <del className={styles.before}>{before ?? 'missing'}</del>
            <Icon name="arrow-right" size={12} />
            <ins className={styles.after}>{after ?? 'missing'}</ins>
          </div>
        ))}
        {changes.length > SHOWN_CHANGES ? (
          <div className={styles.soft}>{`and ${formatCount(changes.length - SHOWN_CHANGES)} more`}</div>
        ) : null}
      </div>
    </li>
  );
}
