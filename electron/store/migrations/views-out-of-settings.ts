import type { Migration } from './migration.ts';

/**
 * Widths of columns stood in the settings, where removing a collection left them behind and no order of columns had a
 * place.
 */
export const VIEWS_OUT_OF_SETTINGS: Migration = {
  from: 1,
  does: 'the widths of columns are in views.json now, by collection',
  files: ['settings.json', 'views.json'],
  change: ({ 'settings.json': settings }) => {
    if (!isObject(settings) || !('columnWidths' in settings)) return {};
    const { columnWidths, ...others } = settings;
    const widthsByCollection = isObject(columnWidths) ? Object.entries(columnWidths) : [];
    const views = widthsByCollection.map(([collection, widths]) => [
      collection,
      { columns: { order: [], hidden: [], widths } },
    ]);
    return { 'settings.json': others, 'views.json': Object.fromEntries(views) };
  },
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
