import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { ShortcutSheet } from '../commands/ShortcutSheet.tsx';
import { sessionOf } from '../query/sessions.ts';
import { DeleteRecordDialog } from '../record/DeleteRecordDialog.tsx';
import { NewRecordDialog } from '../record/NewRecordDialog.tsx';
import { useWorkspace, type OpenDialog } from './workspace.ts';

export interface DialogsProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
}

/** The one dialog that is open. */
export function Dialogs({ connections, collections }: DialogsProps) {
  const dialog = useWorkspace((workspace) => workspace.dialog);
  return dialog === null ? null : <OneDialog dialog={dialog} connections={connections} collections={collections} />;
}

function OneDialog({ dialog, connections, collections }: DialogsProps & { readonly dialog: OpenDialog }) {
  const { closeDialog } = useWorkspace.getState();
  switch (dialog.kind) {
    case 'shortcuts':
      return <ShortcutSheet onClose={closeDialog} />;
    case 'new-record':
    case 'delete-record': {
      const collection = collections.find(({ id }) => id === dialog.collection);
      const connection = connections.find(({ id }) => id === collection?.connectionId);
      if (collection === undefined || connection === undefined) return null;
      return <RecordDialog dialog={dialog} collection={collection} connection={connection} />;
    }
    default:
      return null;
  }
}

interface RecordDialogProps {
  readonly dialog: Extract<OpenDialog, { readonly kind: 'new-record' | 'delete-record' }>;
  readonly collection: CollectionListing;
  readonly connection: Connection;
}

function RecordDialog({ dialog, collection, connection }: RecordDialogProps) {
  const { closeDialog, changeTab, setInspectorOpen, say, tabs } = useWorkspace.getState();
  const tab = tabs.find((each) => each.collection === collection.id);

  function show(key: string): void {
    if (tab !== undefined) changeTab(tab.id, { record: key });
    setInspectorOpen(true);
    closeDialog();
  }

  function rerun(): void {
    if (tab !== undefined) void sessionOf(tab.id, collection.id).rerun('first-rows');
  }

  if (dialog.kind === 'new-record') {
    return (
      <NewRecordDialog
        collection={collection}
        connection={connection}
        copyOf={dialog.copyOf}
        onClose={closeDialog}
        onCreated={(key) => {
          say(`${key} created`);
          rerun();
          show(key);
        }}
        onOpenRecord={show}
      />
    );
  }
  return (
    <DeleteRecordDialog
      collection={collection}
      connection={connection}
      recordKey={dialog.key}
      etag={dialog.etag}
      onClose={closeDialog}
      onDeleted={(key) => {
        say(`${key} deleted`);
        if (tab?.record === key) changeTab(tab.id, { record: null });
        rerun();
        closeDialog();
      }}
      onOpenRecord={show}
    />
  );
}
