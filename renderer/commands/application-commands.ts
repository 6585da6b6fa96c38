import {
  EDIT_COLLECTION,
  EDIT_CONNECTION,
  SIGN_IN,
  FORGET_COLLECTION,
  NEW_CONNECTION,
  OPEN_COLLECTION,
  REMOVE_COLLECTION,
  REMOVE_CONNECTION,
} from './collection-commands.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';
import { COPY, COPY_JSON, COPY_TABLE } from './copy-commands.ts';
import { EXPORT_ANSWER, EXPORT_SELECTION } from './export-commands.ts';
import { IMPORT } from './import-commands.ts';
import {
  CHANGE,
  COPY_TO,
  DELETE_ANSWER,
  PROMOTE,
  REBUILD_INDEX,
  RESTORE,
  SET_CLASS,
  TOGGLE_JOBS,
  UNDELETE,
} from './job-commands.ts';
import {
  ASK_IN_SQL,
  COPY_QUERY,
  COPY_QUERY_AS,
  EDIT_AS_TEXT,
  EDIT_QUERY,
  READ_TAGS,
  REFRESH,
  RUN,
  SAVE_QUERY,
  SHOW_HISTORY,
  SHOW_SAVED,
  STOP,
} from './query-commands.ts';
import { DELETE_RECORD, DOWNLOAD_RECORD, DUPLICATE_RECORD, NEW_RECORD, OPEN_RECORD, PEEK } from './record-commands.ts';
import { SHOW_ELSEWHERE, START_LOCALSTACK, START_SANDBOX, STOP_SANDBOX } from './switch-commands.ts';
import {
  CLOSE_TAB,
  NEW_TAB,
  SHOW_PALETTE,
  SHOW_SETTINGS,
  SHOW_SHORTCUTS,
  THEMES,
  TOGGLE_INSPECTOR,
  TOGGLE_PROFILE,
  TOGGLE_REQUESTS,
} from './window-commands.ts';

/** Commands of the frame, in the order of their menus; those of a panel are registered by the panel. */
export const APPLICATION_COMMANDS: readonly Command<CommandContext>[] = [
  NEW_TAB,
  CLOSE_TAB,
  OPEN_COLLECTION,
  NEW_CONNECTION,
  EDIT_CONNECTION,
  SIGN_IN,
  REMOVE_CONNECTION,
  START_SANDBOX,
  STOP_SANDBOX,
  START_LOCALSTACK,
  SHOW_SETTINGS,

  NEW_RECORD,
  OPEN_RECORD,
  PEEK,
  DUPLICATE_RECORD,
  CHANGE.selected,
  SET_CLASS.selected,
  RESTORE.selected,
  COPY,
  COPY_TABLE,
  COPY_JSON,
  DOWNLOAD_RECORD,
  EXPORT_SELECTION,
  COPY_TO.selected,
  DELETE_RECORD,
  { ...CHANGE.answer, startsSection: true },
  SET_CLASS.answer,
  RESTORE.answer,
  EXPORT_ANSWER,
  COPY_TO.answer,
  DELETE_ANSWER,

  RUN,
  STOP,
  REFRESH,
  READ_TAGS,
  EDIT_QUERY,
  ASK_IN_SQL,
  EDIT_AS_TEXT,
  SAVE_QUERY,
  SHOW_SAVED,
  SHOW_HISTORY,
  COPY_QUERY,
  COPY_QUERY_AS,
  IMPORT,
  SHOW_ELSEWHERE,
  PROMOTE,
  UNDELETE,
  REBUILD_INDEX,
  EDIT_COLLECTION,
  FORGET_COLLECTION,
  REMOVE_COLLECTION,

  SHOW_PALETTE,
  TOGGLE_INSPECTOR,
  TOGGLE_PROFILE,
  TOGGLE_JOBS,
  TOGGLE_REQUESTS,
  ...THEMES,

  SHOW_SHORTCUTS,
];
