import { useId, useState, type ReactNode } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import type { Counted, FieldFigures } from '../../shared/profile.ts';
import { classes } from '../ui/classes.ts';
import { formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { TypeGlyph } from '../ui/TypeGlyph.tsx';
import {
  axisWords,
  binWords,
  distinctWords,
  isSkewed,
  limitWords,
  otherWords,
  rangeOfBins,
  stepWords,
  withoutValue,
  type BinnedChart,
  type Range,
} from './bin-words.ts';
import { BrushedChart } from './BrushedChart.tsx';
import { FigureTable, type FigureRow } from './FigureTable.tsx';
import styles from './Profile.module.css';
import { RangeFields } from './RangeFields.tsx';
import { ValueBars } from './ValueBars.tsx';

/** What a facet asks of the query. */
export interface FacetQuery {
  readonly range: { readonly low: string | null; readonly high: string | null } | null;
  readonly values: ReadonlySet<string>;
  readonly missing: boolean;
  readonly onRange: (type: 'number' | 'date', range: Range | null) => void;
  readonly onValue: (value: string | boolean) => void;
  readonly onMissing: () => void;
}

export interface FacetProps {
  readonly field: FieldSummary;
  readonly name: string;
  /** Undefined until they are there. */
  readonly figures: FieldFigures | undefined;
  readonly records: Counted;
  readonly query: FacetQuery;
  /** In place of the name. */
  readonly heading?: ReactNode;
}

/** A field: what its values are, in a picture that can be asked further, and in figures. */
export function Facet({ field, name, figures, records, query, heading }: FacetProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const chart = figures?.chart ?? null;
  const canOpen = chart !== null && (chart.shape !== 'values' || chart.values.length > 0);
  return (
    <div className={styles.facet} role="group" aria-label={name}>
      <div className={styles.head}>
        <TypeGlyph kind={field.kind} />
        {heading ?? (
          <h3 className={styles.name} title={name}>
            {name}
          </h3>
        )}
        {query.range === null || chart === null || chart.shape === 'values' ? (
          <span className={styles.note}>{figures === undefined ? '' : noteOf(figures, records)}</span>
        ) : (
          <span className={classes(styles.note, styles.asked)}>
            <span className={styles.clip} title={rangeWords(query.range)}>
              {rangeWords(query.range)}
            </span>
            <IconButton
              small
              icon="close"
              name={`Take the range of ${name} away`}
              onClick={() => query.onRange(chart.shape === 'numbers' ? 'number' : 'date', null)}
            />
          </span>
        )}
        {canOpen ? (
          <IconButton
            small
            icon="table"
            name={`Figures of ${name}`}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onClick={() => setOpen(!open)}
          />
        ) : null}
      </div>
      {figures === undefined ? (
        <Placeholder kind={field.kind} />
      ) : chart === null ? null : chart.shape === 'values' ? (
        <ValueBars
          name={name}
          chart={chart}
          missing={withoutValue(figures)}
          everything={records.found === records.all}
          asked={query.values}
          missingAsked={query.missing}
          onValue={query.onValue}
          onMissing={query.onMissing}
        />
      ) : (
        <>
          <BrushedChart
            chart={chart}
            everything={records.found === records.all}
            range={query.range}
            onRange={(range) => query.onRange(chart.shape === 'numbers' ? 'number' : 'date', range)}
          />
          <Axis name={name} chart={chart} figures={figures} records={records} query={query} />
        </>
      )}
      {open && figures !== undefined && canOpen ? (
        <div id={id}>
          <Details name={name} figures={figures} query={query} />
        </div>
      ) : null}
    </div>
  );
}

/** At the right of the name. */
function noteOf(figures: FieldFigures, records: Counted): string {
  const { chart, rare } = figures;
  if (rare) return 'too rare for figures';
  if (chart?.shape === 'values') return distinctWords(chart);
  if (chart?.shape === 'dates') return stepWords(chart);
  return chart === null ? otherWords(figures, records.found).join(', ') : '';
}

function rangeWords({ low, high }: NonNullable<FacetQuery['range']>): string {
  if (low === null) return `up to ${high ?? ''}`;
  return high === null ? `from ${low}` : `${low} to ${high}`;
}

interface AxisProps {
  readonly name: string;
  readonly chart: BinnedChart;
  readonly figures: FieldFigures;
  readonly records: Counted;
  readonly query: FacetQuery;
}

/** Below a chart: its ends, and what has no place on it. */
function Axis({ name, chart, figures, records, query }: AxisProps) {
  const [first, last] = axisWords(chart, name);
  const words = otherWords(figures, records.found);
  const hasMissing = withoutValue(figures).found > 0;
  const others = [...(isSkewed(chart) ? ['log scale'] : []), ...(hasMissing ? words.slice(0, -1) : words)];
  return (
    <div className={styles.axis}>
      <span>{first}</span>
      <span className={styles.others}>
        {others.join(', ')}
        {hasMissing && others.length > 0 ? ', ' : ''}
        {hasMissing || query.missing ? (
          <button
            type="button"
            className={classes(styles.ask, query.missing && styles.here)}
            aria-pressed={query.missing}
            aria-label={`${name}: ${formatCount(withoutValue(figures).found)} records without a value`}
            onClick={query.onMissing}
          >
            {words.at(-1) ?? 'without a value'}
          </button>
        ) : null}
      </span>
      <span>{last}</span>
    </div>
  );
}

interface DetailsProps {
  readonly name: string;
  readonly figures: FieldFigures;
  readonly query: FacetQuery;
}

function Details({ name, figures, query }: DetailsProps) {
  const { chart } = figures;
  if (chart === null) return null;
  const missing = { ...withoutValue(figures), words: 'no value', ask: query.onMissing };
  if (chart.shape === 'values') {
    const rows = chart.values.map((counted): FigureRow => ({
      ...counted,
      words: counted.value === '' ? '""' : String(counted.value),
      ask: () => query.onValue(counted.value),
    }));
    return <FigureTable caption={`Figures of ${name}`} heading="Value" rows={[...rows, missing]} />;
  }
  const type = chart.shape === 'numbers' ? 'number' : 'date';
  const whole = rangeOfBins(chart, 0, chart.all.length - 1);
  const range = { low: query.range?.low ?? whole.low, high: query.range?.high ?? whole.high };
  const rows = chart.all.map((all, bin): FigureRow => ({
    words: binWords(chart, bin, name),
    found: chart.found[bin] ?? 0,
    all,
    ask: () => query.onRange(type, rangeOfBins(chart, bin, bin)),
  }));
  return (
    <>
      <RangeFields type={type} name={name} range={range} onRange={(wanted) => query.onRange(type, wanted)} />
      {chart.least === null || chart.greatest === null ? null : (
        <p className={styles.limits}>
          Found from {limitWords(chart, chart.least, name)} to {limitWords(chart, chart.greatest, name)}
        </p>
      )}
      <FigureTable caption={`Figures of ${name}`} heading="Range" rows={[...rows, missing]} />
    </>
  );
}

/** As high as what will be there, where that is known. */
function Placeholder({ kind }: { readonly kind: FieldSummary['kind'] }) {
  if (kind === 'number' || kind === 'date') return <div className={styles.chartToCome} />;
  if (kind === 'string' || kind === 'boolean') return <div className={styles.valuesToCome} />;
  return null;
}
