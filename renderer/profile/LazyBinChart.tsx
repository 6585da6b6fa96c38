import { lazy, Suspense, type ComponentType } from 'react';
import type { BinChartProps } from './BinChart.tsx';

/** Plot is as much script as a quarter of the page, and most of what people do needs no chart: it comes with the first one. */
const LoadedChart = lazy(async (): Promise<{ default: ComponentType<BinChartProps> }> => {
  try {
    return { default: (await import('./BinChart.tsx')).BinChart };
  } catch (error) {
    // The browser host may be gone by now. Thrown on, this would take the whole page down; the figures stand in the tables.
    console.warn('The charts could not be loaded', error);
    return { default: MissingChart };
  }
});

export function LazyBinChart(props: BinChartProps) {
  return (
    <Suspense fallback={null}>
      <LoadedChart {...props} />
    </Suspense>
  );
}

function MissingChart() {
  return null;
}
