import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { useCommandContext } from '../commands/context.ts';
import { showShortcut } from '../commands/shortcut.ts';
import { sessionOf } from '../query/sessions.ts';
import { Inspector } from '../record/Inspector.tsx';
import { currentWorkspace, type Tab } from './workspace.ts';

export interface InspectorPlaceProps {
  readonly tab: Tab;
  readonly collection: CollectionListing;
  readonly connection: Connection;
}

/** The inspector of the tab that is shown, and what its actions mean for the frame. */
export function InspectorPlace({ tab, collection, connection }: InspectorPlaceProps) {
  const { openDialog, say, setInspectorOpen } = currentWorkspace();
  const { platform } = useCommandContext();
  return (
    <Inspector
      collection={collection}
      connection={connection}
      recordKey={tab.record}
      saveShortcut={showShortcut('Mod+S', platform)}
      onClose={() => setInspectorOpen(false)}
      // The grid shows a snapshot: it is asked again, so that what was saved is seen there too.
      onWritten={(key) => {
        say(`${key} saved`);
        void sessionOf(tab, collection.id).rerun('first-rows');
      }}
      onDuplicate={(key) => openDialog({ kind: 'new-record', collection: collection.id, copyOf: key })}
      onDelete={(key, etag) => openDialog({ kind: 'delete-record', collection: collection.id, key, etag })}
      onChangeClass={({ key, etag, size, storageClass }) =>
        openDialog({
          kind: 'set-class',
          collection: collection.id,
          chosen: { named: [{ key, etag, size, storageClass }], count: 1, ofAll: null },
        })
      }
      onEditConnection={() => openDialog({ kind: 'connection', connection: connection.id })}
    />
  );
}
