/** Flags of a regular expression that people want; Python reads them from the start of the pattern. */
export const PATTERN_FLAGS = [
  { flag: 'i', name: 'any case' },
  { flag: 'm', name: '^ and $ at every line' },
  { flag: 's', name: '. takes line breaks' },
] as const;

export type PatternFlag = (typeof PATTERN_FLAGS)[number]['flag'];

const FLAGS = /^\(\?([aimsux]+)\)/;

export function hasFlag(pattern: string, flag: PatternFlag): boolean {
  return FLAGS.exec(pattern)?.[1]?.includes(flag) ?? false;
}

/** The pattern with the flag set or taken away; other flags stay. */
export function withFlag(pattern: string, flag: PatternFlag, on: boolean): string {
  const [whole = '', flags = ''] = FLAGS.exec(pattern) ?? [];
  const others = flags.replaceAll(flag, '');
  const next = on ? others + flag : others;
  return (next === '' ? '' : `(?${next})`) + pattern.slice(whole.length);
}
