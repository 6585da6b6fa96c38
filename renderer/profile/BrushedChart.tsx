import { useRef, type MouseEvent } from 'react';
import { useDrag } from '../ui/use-drag.ts';
import { DAY, placeOnAxis, rangeOfBins, type BinnedChart, type Range } from './bin-words.ts';
import { LazyBinChart } from './lazy-bin-chart.ts';
import styles from './Profile.module.css';

const HEIGHT = 48;

export interface BrushedChartProps {
  readonly chart: BinnedChart;
  readonly everything: boolean;
  /** The range that the query asks for. */
  readonly range: { readonly low: string | null; readonly high: string | null } | null;
  readonly onRange: (range: Range) => void;
}

/**
 * A chart on which a range is drawn with the pointer, from bin to bin; a click is a bin. By keyboard the same is done with
 * the fields and the table below it.
 */
export function BrushedChart({ chart, everything, range, onRange }: BrushedChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const { drag, start } = useDrag(
    holder,
    ({ x }) => binAt(x),
    (from, to) => ask(Number(from), to),
  );

  function binAt(x: number): number {
    const box = holder.current?.getBoundingClientRect();
    const share = box === undefined ? 0 : (x - box.left) / box.width;
    const [first, last] = endsOf(chart);
    const place = first + share * (last - first);
    const after = chart.edges.findIndex((edge) => edge > place);
    return Math.max(0, (after === -1 ? chart.edges.length - 1 : after) - 1);
  }

  function ask(from: number, to: number): void {
    onRange(rangeOfBins(chart, Math.min(from, to), Math.max(from, to)));
  }

  function handleClick({ clientX }: MouseEvent): void {
    const bin = binAt(clientX);
    ask(bin, bin);
  }

  const shown = drag === null ? shareOfRange(chart, range) : shareOfBins(chart, Number(drag.id), drag.at);
  return (
    <div ref={holder} className={styles.chart}>
      {shown === null ? null : (
        <div
          className={styles.brush}
          style={{ left: `${100 * shown.left}%`, width: `${100 * (shown.right - shown.left)}%` }}
        />
      )}
      <LazyBinChart chart={chart} height={HEIGHT} everything={everything} />
      <div
        className={styles.surface}
        aria-hidden="true"
        onPointerDown={(event) => start(String(binAt(event.clientX)), event)}
        onClick={handleClick}
      />
    </div>
  );
}

interface Share {
  readonly left: number;
  readonly right: number;
}

function endsOf({ edges }: BinnedChart): readonly [number, number] {
  return [edges[0] ?? 0, edges.at(-1) ?? 1];
}

function shareOfBins(chart: BinnedChart, from: number, to: number): Share {
  const [start, end] = endsOf(chart);
  const left = chart.edges[Math.min(from, to)] ?? start;
  const right = chart.edges[Math.max(from, to) + 1] ?? end;
  return { left: (left - start) / (end - start), right: (right - start) / (end - start) };
}

/** Null where nothing of it is on the axis. */
function shareOfRange(chart: BinnedChart, range: BrushedChartProps['range']): Share | null {
  if (range === null) return null;
  const [start, end] = endsOf(chart);
  // The last integer, and the last day, reach to where the next one begins.
  const past = chart.shape === 'numbers' ? Number(chart.whole) : Number(chart.days) * DAY;
  const low = range.low === null ? start : placeOnAxis(chart, range.low);
  const high = range.high === null ? end : placeOnAxis(chart, range.high);
  if (low === null || high === null) return null;
  const left = Math.max(0, (low - start) / (end - start));
  const right = Math.min(1, (high + (range.high === null ? 0 : past) - start) / (end - start));
  return left < right ? { left, right } : null;
}
