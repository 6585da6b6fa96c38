import { lazily } from '../ui/lazily.tsx';

/** Plot comes with the first chart; without it the figures stand in the tables. */
export const LazyBinChart = lazily(async () => (await import('./BinChart.tsx')).BinChart);
