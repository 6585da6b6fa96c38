import { useState } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { AppError } from '../../shared/result.ts';
import { call, toAppError } from '../api/call.ts';
import { REFRESH } from '../commands/query-commands.ts';
import { shownShortcut } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { showRequestOf } from '../requests/show-request.ts';
import { useWorkspace } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { FailurePage } from '../ui/FailurePage.tsx';
import { countOf, formatTime } from '../ui/format.ts';
import styles from './CollectionFailure.module.css';

export interface CollectionFailureProps {
  readonly error: AppError;
  readonly collection: CollectionListing;
  readonly connection: Connection | null;
  readonly rowsKept: boolean;
  readonly onTryAgain: () => void;
  readonly onEditQuery: () => void;
  /** Back to the rows of before; null where there are none. */
  readonly onShowRows: (() => void) | null;
}

/** Why a collection cannot be read, and what to do. */
export function CollectionFailure(props: CollectionFailureProps) {
  const { error, collection, connection, onTryAgain, onEditQuery, onShowRows } = props;
  const context = useCommandContext();
  const openDialog = useWorkspace((workspace) => workspace.openDialog);
  const [saveError, setSaveError] = useState<AppError | null>(null);
  const region = error.detail?.region;
  const profile = error.detail?.profile;

  async function takeRegion(settings: Connection): Promise<void> {
    try {
      await call('connections:save', { connection: settings });
      setSaveError(null);
      onTryAgain();
    } catch (thrown) {
      setSaveError(toAppError(thrown));
    }
  }

  /** What it fails of is what trying again fails of. */
  async function startSandbox(): Promise<void> {
    await call('servers:start-sandbox', {}).catch(() => null);
    onTryAgain();
  }

  const safe =
    collection.records === null || collection.syncedAt === null
      ? ['Nothing in the bucket was changed.']
      : [
          `${countOf(collection.records, 'record')} of ${collection.name} as of ${formatTime(collection.syncedAt)} are in the index.`,
        ];
  return (
    <div className={styles.place}>
      {onShowRows === null ? null : (
        <Button kind="quiet" compact icon="arrow-left" className={styles.back} onClick={onShowRows}>
          Back to the rows
        </Button>
      )}
      <FailurePage
        error={saveError ?? error}
        place={connection?.name ?? null}
        safe={safe}
        onShowRequest={showRequestOf(error)}
        remedies={{
          'try-again':
            error.code === 'sandbox-unavailable'
              ? { label: 'Start the Sandbox', run: () => void startSandbox() }
              : { label: 'Try again', shortcut: shownShortcut(REFRESH, context), run: onTryAgain },
          ...(connection?.kind === 'localstack'
            ? {
                'start-localstack': {
                  label: 'How to start it',
                  run: () => openDialog({ kind: 'start-localstack' }),
                },
              }
            : {}),
          'edit-query': { label: 'Edit the query', run: onEditQuery },
          'edit-collection': {
            label: 'Edit the collection',
            run: () =>
              openDialog({ kind: 'collection', connection: collection.connectionId, collection: collection.id }),
          },
          ...(profile === undefined
            ? {}
            : { 'sign-in': { label: 'Sign in', run: () => openDialog({ kind: 'sign-in', profile, next: null }) } }),
          'edit-connection': {
            label: 'Edit the connection',
            run: () => openDialog({ kind: 'connection', connection: connection?.id ?? null }),
          },
          ...(region === undefined || connection === null
            ? {}
            : { 'use-region': { label: `Use ${region}`, run: () => void takeRegion({ ...connection, region }) } }),
          reload: { label: 'Reload', run: () => window.location.reload() },
        }}
      />
    </div>
  );
}
