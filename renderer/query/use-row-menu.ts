import { useCommandContext } from '../commands/context.ts';
import { COPY, COPY_JSON, COPY_TABLE } from '../commands/copy-commands.ts';
import { EXPORT_SELECTION } from '../commands/export-commands.ts';
import { IMPORT_AS_COLLECTION } from '../commands/import-commands.ts';
import { CHANGE, COPY_TO, RESTORE, SET_CLASS } from '../commands/job-commands.ts';
import { commandEntries } from '../commands/menus.ts';
import { DELETE_RECORD, DOWNLOAD_RECORD, DUPLICATE_RECORD, OPEN_RECORD } from '../commands/record-commands.ts';
import type { MenuEntry } from '../ui/MenuEntries.tsx';

const ROW_COMMANDS = [
  OPEN_RECORD,
  DUPLICATE_RECORD,
  CHANGE.selected,
  SET_CLASS.selected,
  RESTORE.selected,
  COPY,
  COPY_TABLE,
  COPY_JSON,
  DOWNLOAD_RECORD,
  IMPORT_AS_COLLECTION,
  EXPORT_SELECTION,
  COPY_TO.selected,
  DELETE_RECORD,
];

/** The context menu of a row. */
export function useRowMenu(): readonly MenuEntry[] {
  return commandEntries(ROW_COMMANDS, useCommandContext());
}
