import { plot, rectY } from '@observablehq/plot';
import { useLayoutEffect, useRef } from 'react';
import { isSkewed, type BinnedChart } from './bin-words.ts';

export interface BinChartProps {
  readonly chart: BinnedChart;
  readonly height: number;
  /** Only the found ones are drawn: they are all. */
  readonly everything: boolean;
}

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** Bars of the bins: all records behind those found. A picture only: the figures stand in a table beside it. */
export function BinChart({ chart, height, everything }: BinChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const scaled = (counts: readonly number[]): readonly number[] =>
      isSkewed(chart) ? counts.map(Math.log1p) : counts;
    const [all, found] = [scaled(chart.all), scaled(chart.found)];
    const most = Math.max(...all) || 1;
    const scale = { axis: null } as const;
    const options = { x1: 'from', x2: 'to', y: 'height', insetLeft: 0.5, insetRight: 0.5 };
    const drawn = plot({
      width: WIDTH,
      height,
      margin: 0,
      x: { ...scale, domain: [chart.edges[0] ?? 0, chart.edges.at(-1) ?? 1] },
      y: { ...scale, domain: [0, most] },
      marks: [
        ...(everything ? [] : [rectY(barsOf(chart, all, (2 * most) / height), { ...options, fill: BEHIND })]),
        rectY(barsOf(chart, found, ((everything ? 2 : 1) * most) / height), { ...options, fill: FOUND }),
      ],
    });
    // Bars may be stretched: the chart is as wide as the panel.
    drawn.setAttribute('preserveAspectRatio', 'none');
    holder.current?.replaceChildren(drawn);
  }, [chart, height, everything]);
  return <div ref={holder} aria-hidden="true" />;
}

const WIDTH = 264;
const FOUND = 'var(--accent)';
const BEHIND = 'var(--line-strong)';

/** However few records there are in a bin, something is to be seen of them. */
function barsOf({ edges }: BinnedChart, heights: readonly number[], least: number): readonly Bar[] {
  return heights.flatMap((height, bin) => {
    const [from, to] = [edges[bin], edges[bin + 1]];
    if (height === 0 || from === undefined || to === undefined) return [];
    return [{ from, to, height: Math.max(height, least) }];
  });
}
