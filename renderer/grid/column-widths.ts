import type { ResultPage } from '../../shared/page.ts';
import { showNumber } from '../ui/number-text.ts';
import { cellText, cellValue, isOdd, nestedMark, type GridColumn } from './columns.ts';

export const NARROWEST = 48;
export const WIDEST = 800;
const WIDEST_AT_FIRST = 240;
/** Px: an id or a number that is cut off is another one, so these get more. */
const WIDEST_WHOLE = 400;
/** Px of a cell that no text uses: padding at both sides, the line, and a pixel so that nothing is cut. */
const CELL_EDGE = 18;
/** Px of a header that its name does not use: type glyph, sort mark, gaps, padding. */
const HEADER_EDGE = 60;
const GLYPH = 20;
/** Rows that a width of text is made from; ids and numbers are looked at in the whole page. */
const SAMPLE = 50;

export type MeasureText = (text: string, font: 'text' | 'mono' | 'header' | 'small') => number;

/**
 * Width that shows the column's values of the rows at hand. Decided once a column from the first page, before it is
 * painted: nothing moves when more rows come.
 */
export function fittingWidth(
  column: GridColumn,
  page: ResultPage | null,
  measure: MeasureText,
  widest = growsWithRows(column) ? WIDEST_WHOLE : WIDEST_AT_FIRST,
): number {
  let width = measure(column.name, 'header') + HEADER_EDGE;
  if (page === null) return within(width, widest);
  if (column.role === 'field' && column.kind === 'number') {
    const numbers = page.columns[column.position]?.texts ?? [];
    // Digits are all of one width, so the longest text is the widest.
    const longest = numbers.reduce((found, text) => (text.length > found.length ? text : found), '');
    width = Math.max(width, measure(showNumber(longest.slice(0, 100), column.name), 'text') + CELL_EDGE + GLYPH);
    return within(width, widest);
  }
  if (column.role === 'id') {
    const longest = page.ids.reduce((found, id) => (id.length > found.length ? id : found), '');
    return within(Math.max(width, measure(longest.slice(0, 200), 'mono') + CELL_EDGE), widest);
  }
  for (const offset of page.keys.slice(0, SAMPLE).keys()) {
    const value = cellValue(page, offset, column);
    const nested = value.kind === 'list' || value.kind === 'object';
    const text = cellText(value, column).slice(0, 200);
    const mark = nested ? measure(nestedMark(value), 'mono') + 5 : 0;
    const glyph = isOdd(value, column) ? GLYPH : 0;
    width = Math.max(width, measure(text, 'text') + mark + glyph + CELL_EDGE);
  }
  return within(width, widest);
}

/** Whether the column grows with what comes into sight: what it shows must not be cut off. It never shrinks. */
export function growsWithRows(column: GridColumn): boolean {
  return column.role === 'id' || (column.role === 'field' && column.kind === 'number');
}

function within(width: number, widest: number): number {
  return Math.round(Math.min(Math.max(width, NARROWEST), widest));
}

const FONTS = {
  text: { size: '--text-size-3', family: '--font-ui', weight: '400' },
  small: { size: '--text-size-2', family: '--font-ui', weight: '400' },
  header: { size: '--text-size-2', family: '--font-ui', weight: '500' },
  mono: { size: '--text-size-2', family: '--font-mono', weight: '400' },
} as const;

/** Measures in the page's own fonts; the layout is asked once, for the width of a digit in each. */
export function createMeasureText(): MeasureText {
  const context = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(document.documentElement);
  const fonts = new Map<string, { readonly font: string; readonly digit: number }>();
  for (const [name, { size, family, weight }] of Object.entries(FONTS)) {
    const font = `${weight} ${style.getPropertyValue(size)} ${style.getPropertyValue(family)}`;
    fonts.set(name, { font, digit: digitWidth(font) });
  }
  return (text, name) => {
    const known = fonts.get(name);
    if (context === null || known === undefined) return text.length * 7;
    context.font = known.font;
    const others = text.replace(/\d/g, '');
    return context.measureText(others).width + (text.length - others.length) * known.digit;
  };
}

/** Px. A canvas knows no tabular figures, which the page has: there a 1 is as wide as any digit. */
function digitWidth(font: string): number {
  const digits = document.createElement('span');
  digits.textContent = '0'.repeat(10);
  digits.style.cssText = 'position: absolute; visibility: hidden;';
  digits.style.font = font;
  digits.style.fontVariantNumeric = 'tabular-nums';
  document.body.append(digits);
  const { width } = digits.getBoundingClientRect();
  digits.remove();
  return width / 10;
}
