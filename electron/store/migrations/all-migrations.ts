import type { Migration } from './migration.ts';
import { VIEWS_OUT_OF_SETTINGS } from './views-out-of-settings.ts';

/** In order: the first goes from format 1 to 2. A new one goes to the end. */
export const MIGRATIONS: readonly Migration[] = [VIEWS_OUT_OF_SETTINGS];
