const UNITS = ['KB', 'MB', 'GB', 'TB'];

/** Bytes in KB, MB, GB of 1,024, as S3's own pages do: `812 B`, `4.0 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${Math.trunc(bytes)} B`;
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1023.95 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
