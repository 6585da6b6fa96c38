/**
 * The one icon set: 16 px grid, 1.5 px stroke, round caps, no fills. `weight` is the stroke of icons that are dots.
 */
export interface IconShape {
  readonly path: string;
  readonly weight?: number;
}

export const ICON_SHAPES = {
  'chevron-down': { path: 'M4.5 6.25 8 9.75l3.5-3.5' },
  'chevron-right': { path: 'M6.25 4.5 9.75 8l-3.5 3.5' },
  'up-down': { path: 'M5 6.25 8 3.25l3 3M5 9.75l3 3 3-3' },
  'arrow-left': { path: 'M13 8H3.25M7 4 3 8l4 4' },
  'arrow-right': { path: 'M3 8h9.75M9 4l4 4-4 4' },
  'arrow-up': { path: 'M8 12.75V3.5M4.5 7 8 3.5 11.5 7' },
  'arrow-down': { path: 'M8 3.25v9.25M4.5 9 8 12.5 11.5 9' },
  external: { path: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M12.75 3.25 7.5 8.5' },
  plus: { path: 'M8 3.25v9.5M3.25 8h9.5' },
  minus: { path: 'M3.25 8h9.5' },
  tilde: { path: 'M3 9.25c1.4-2.6 3.2-2.4 5-1.25s3.6 1.35 5-1.25' },
  close: { path: 'M4.5 4.5l7 7M11.5 4.5l-7 7' },
  check: { path: 'M3.25 8.5 6.5 11.75 12.75 4.5' },
  more: { path: 'M3.5 8h.01M8 8h.01M12.5 8h.01', weight: 2 },
  grip: { path: 'M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01', weight: 2 },
  search: { path: 'M7 11.25a4.25 4.25 0 1 0 0-8.5 4.25 4.25 0 0 0 0 8.5ZM10.25 10.25 13.5 13.5' },
  settings: {
    path: 'M2.5 5H7M11 5h2.5M2.5 11H5M9 11h4.5M9 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  },
  theme: { path: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 2.5v11M10.5 4v8M13 6.5v3' },
  refresh: { path: 'M13.25 8A5.25 5.25 0 1 1 11.6 4.2M13.25 2.25V5H10.5' },
  filter: { path: 'M2.5 4h11M4.75 8h6.5M7 12h2' },
  columns: { path: 'M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM6.25 3v10M9.75 3v10' },
  table: { path: 'M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM2.5 6.5h11M6.5 6.5V13' },
  list: { path: 'M2.75 4h10.5M2.75 8h10.5M2.75 12h10.5' },
  braces: {
    path: 'M6.25 2.75C4.25 2.75 5.5 8 2.75 8c2.75 0 1.5 5.25 3.5 5.25M9.75 2.75C11.75 2.75 10.5 8 13.25 8c-2.75 0-1.5 5.25-3.5 5.25',
  },
  brackets: { path: 'M6 3H3.75v10H6M10 3h2.25v10H10' },
  clock: { path: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 5v3.25l2 1.25' },
  star: { path: 'M8 2.5l1.7 3.5 3.8.5-2.75 2.65.65 3.85L8 11.2 4.6 13l.65-3.85L2.5 6.5l3.8-.5L8 2.5Z' },
  play: { path: 'M5 3.25v9.5L12.25 8 5 3.25Z' },
  stop: { path: 'M4 4h8v8H4V4Z' },
  warn: { path: 'M8 2.5 14 13H2L8 2.5ZM8 6.5v3M8 11.25h.01' },
  error: { path: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 5v3.5M8 10.75h.01' },
  info: { path: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 7.5V11M8 5.25h.01' },
  bucket: { path: 'M2.75 4.25h10.5L12 13H4L2.75 4.25ZM3.4 8h9.2' },
  folder: {
    path: 'M2.5 12V4.25a.75.75 0 0 1 .75-.75h3.25L8 5.25h4.75a.75.75 0 0 1 .75.75v6a.75.75 0 0 1-.75.75h-9.5A.75.75 0 0 1 2.5 12Z',
  },
  collection: {
    path: 'M3.5 3h9a.75.75 0 0 1 .75.75v2.5a.75.75 0 0 1-.75.75h-9a.75.75 0 0 1-.75-.75v-2.5A.75.75 0 0 1 3.5 3ZM3.5 9h9a.75.75 0 0 1 .75.75v2.5a.75.75 0 0 1-.75.75h-9a.75.75 0 0 1-.75-.75v-2.5A.75.75 0 0 1 3.5 9Z',
  },
  copy: {
    path: 'M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1ZM10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2',
  },
  tag: { path: 'M2.75 2.75h4.9l5.6 5.6a.75.75 0 0 1 0 1.05l-3.85 3.85a.75.75 0 0 1-1.05 0l-5.6-5.6v-4.9ZM5.5 5.5h.01' },
  trash: { path: 'M2.75 4.5h10.5M6 4.5V2.75h4V4.5M4 4.5l.75 8.75h6.5L12 4.5' },
  edit: { path: 'M10.25 3.25l2.5 2.5L6 12.5l-3 .5.5-3 6.75-6.75Z' },
  upload: { path: 'M8 10V3M5 5.75 8 2.75l3 3M2.75 10.5v2.75h10.5V10.5' },
  download: { path: 'M8 2.75v7M5 7l3 3 3-3M2.75 10.5v2.75h10.5V10.5' },
  file: { path: 'M4 2.5h5L12.5 6v7.5h-8.5v-11ZM9 2.5V6h3.5' },
  key: { path: 'M5.5 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM7.25 8.75 13 3M10.75 5.25l1.75 1.75' },
  lock: {
    path: 'M4.5 7h7a1 1 0 0 1 1 1v4.25a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  },
  undo: { path: 'M3 6.25h6.5a3.25 3.25 0 0 1 0 6.5H6M5.75 3.5 3 6.25 5.75 9' },
  server: {
    path: 'M3.5 3h9a1 1 0 0 1 1 1v2.5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM3.5 8.5h9a1 1 0 0 1 1 1V12a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V9.5a1 1 0 0 1 1-1ZM5 5.25h.01M5 10.75h.01',
  },
  terminal: {
    path: 'M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM5 6l2 2-2 2M8.75 10.25H11',
  },
  'panel-right': { path: 'M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM9.75 3v10' },
  snow: { path: 'M8 2v12M2.8 5l10.4 6M13.2 5 2.8 11M6.25 2.75 8 4.5l1.75-1.75M6.25 13.25 8 11.5l1.75 1.75' },
  layers: { path: 'M8 2.75 13.75 5.5 8 8.25 2.25 5.5 8 2.75ZM2.25 8.25 8 11l5.75-2.75M2.25 11 8 13.75 13.75 11' },
  text: { path: 'M3.75 4.75v-1.5h8.5v1.5M8 3.25v9.5M6.5 12.75h3' },
  number: { path: 'M6.5 3l-1 10M10.5 3l-1 10M3.25 6h10M2.75 10h10' },
  date: {
    path: 'M3.5 3.5h9a1 1 0 0 1 1 1v7.75a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4.5a1 1 0 0 1 1-1ZM2.5 6.75h11M5.5 2.25v2M10.5 2.25v2',
  },
  boolean: {
    path: 'M5.5 4.75h5a3.25 3.25 0 0 1 0 6.5h-5a3.25 3.25 0 0 1 0-6.5ZM10.5 9.25a1.25 1.25 0 1 0 0-2.5 1.25 1.25 0 0 0 0 2.5Z',
  },
  ladle: { path: 'M2.25 8.5h7.5a3.75 3.75 0 0 1-7.5 0ZM9.75 8.5l1.6-5.2a1.2 1.2 0 0 1 2.3.7' },
} as const satisfies Readonly<Record<string, IconShape>>;

export type IconName = keyof typeof ICON_SHAPES;
