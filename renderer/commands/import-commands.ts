import { mayHoldRows } from '../connections/collection-form.ts';
import { activeRecord, forWriting, forWritingRecord } from './availability.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

export const IMPORT: Command<CommandContext> = {
  id: 'collection.import',
  name: 'Import a file or folder',
  icon: 'upload',
  scope: 'page',
  menu: 'Collection',
  startsSection: true,
  when: forWriting,
  run: ({ collection, workspace }) => {
    if (collection !== null) workspace.openDialog({ kind: 'import', collection: collection.id, picked: null });
  },
};

/** The object of a record that is a file of rows itself: they become records of a new collection. */
export const IMPORT_AS_COLLECTION: Command<CommandContext> = {
  id: 'record.import-as-collection',
  name: 'Import its rows as a collection',
  icon: 'upload',
  scope: 'page',
  menu: 'Record',
  when: (context) => {
    const writing = forWritingRecord(context);
    if (writing !== 'available') return writing;
    return mayHoldRows(activeRecord(context)?.key ?? '')
      ? 'available'
      : { reason: 'Its name ends with none of .csv, .tsv, .ndjson, .jsonl, .json and .parquet, also with .gz or .zst' };
  },
  run: (context) => {
    const { collection, workspace } = context;
    const record = activeRecord(context);
    if (collection === null || record === null) return;
    const rowsOf = { bucket: collection.bucket, key: record.key };
    workspace.openDialog({ kind: 'collection', connection: collection.connectionId, collection: null, rowsOf });
  },
};
