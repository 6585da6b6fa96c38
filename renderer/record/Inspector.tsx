import { useMemo, useState } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { ObjectFacts } from '../../shared/record.ts';
import { useWeakerWrite } from '../api/record-queries.ts';
import { useFields } from '../api/search-queries.ts';
import type { Command } from '../commands/command.ts';
import type { CommandContext } from '../commands/context.ts';
import { useCommands } from '../commands/registry.ts';
import { classes } from '../ui/classes.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Notice } from '../ui/Notice.tsx';
import { SubTabs } from '../ui/SubTabs.tsx';
import { DownloadButton, DownloadPart } from './DownloadPart.tsx';
import { download, useDownload } from './downloads.ts';
import { changeCount, editsOf, editTags, type Editing, obstacle, tagsChanged } from './editing.ts';
import { recordTitle } from './field-rows.ts';
import { FieldsTab } from './FieldsTab.tsx';
import { InspectorFoot } from './InspectorFoot.tsx';
import styles from './Inspector.module.css';
import { JsonTab } from './JsonTab.tsx';
import { ObjectTab } from './ObjectTab.tsx';
import { ReadFailure } from './ReadFailure.tsx';
import { RecordMessages } from './RecordMessages.tsx';
import { SaveBar } from './SaveBar.tsx';
import { TagsPanel } from './TagsPanel.tsx';
import { useLatest } from './use-latest.ts';
import { useOpenRecord } from './use-open-record.ts';

export interface InspectorProps {
  readonly collection: Collection;
  readonly connection: Connection;
  /** Key of the record; null where none is chosen. */
  readonly recordKey: string | null;
  readonly onClose: () => void;
  /** A save of this record is done. */
  readonly onWritten: (key: string) => void;
  readonly onDuplicate: (key: string) => void;
  readonly onDelete: (key: string, etag: string) => void;
  readonly onChangeClass: (facts: ObjectFacts) => void;
  readonly onEditConnection?: () => void;
  /** Keys of Save, as this shell shows them. */
  readonly saveShortcut?: string | undefined;
}

/** One record beside the grid: read from S3 when opened, edited in place, saved as a whole. */
export function Inspector(props: InspectorProps) {
  const { collection, recordKey, onClose } = props;
  if (recordKey === null) {
    return (
      <aside className={styles.inspector} aria-label="Record">
        <div className={styles.head}>
          <div className={styles.title} />
          <IconButton icon="close" name="Close the inspector" onClick={onClose} />
        </div>
        <p className={styles.nothing}>Choose a record in the grid to see it here: Enter or Space opens it.</p>
      </aside>
    );
  }
  // A record is opened anew, with nothing left of the one before.
  return <OpenInspector key={JSON.stringify([collection.id, recordKey])} {...props} recordKey={recordKey} />;
}

type TabName = 'fields' | 'json' | 'tags' | 'object';

function OpenInspector({
  collection,
  connection,
  recordKey,
  onClose,
  onWritten,
  onDuplicate,
  onDelete,
  onChangeClass,
  onEditConnection,
  saveShortcut,
}: InspectorProps & { readonly recordKey: string }) {
  const { record, actions } = useOpenRecord(collection.id, recordKey, onWritten);
  const downloaded = useDownload({ collection: collection.id, key: recordKey });
  const known = useFields(collection.id).data ?? [];
  const [chosenTab, setChosenTab] = useState<TabName | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // Grows when all edits go away at once, so that no open editor keeps what it showed.
  const [generation, setGeneration] = useState(0);

  const editing = record.state === 'open' ? record.editing : null;
  const count = useMemo(() => (editing === null ? 0 : changeCount(editing)), [editing]);
  const weaker = useWeakerWrite(collection.id, 'update', count > 0 && !connection.readOnly);
  const hindrance = problem ?? (editing === null ? null : obstacle(editing));
  const save = useSaveCommand(count > 0 && hindrance === null, () => actions.save());
  useCommands(save);

  const title = useMemo(
    () =>
      editing === null ? recordKey.slice(recordKey.lastIndexOf('/') + 1) : recordTitle(editing.now, editing.detail.id),
    [editing, recordKey],
  );
  const saving = record.state === 'open' && record.work !== null;
  const lockedReason = connection.readOnly
    ? `${connection.name} is read-only.`
    : saving
      ? 'A save is under way.'
      : null;
  const head = (
    <div className={styles.head}>
      <h2 className={classes(styles.title, styles.name)} title={title}>
        {title}
      </h2>
      <Menu
        align="end"
        trigger={<IconButton icon="more" name="More for this record" />}
        entries={[
          { id: 'read', label: 'Read again from S3', icon: 'refresh', run: actions.readAgain },
          {
            id: 'duplicate',
            label: 'Duplicate record',
            icon: 'copy',
            disabledReason: connection.readOnly ? `${connection.name} is read-only.` : null,
            run: () => onDuplicate(recordKey),
          },
          {
            id: 'download',
            label: 'Download the object',
            icon: 'download',
            run: () => void download({ collection: collection.id, key: recordKey }),
          },
          {
            id: 'delete',
            label: 'Delete record',
            icon: 'trash',
            danger: true,
            separator: true,
            disabledReason: editing === null ? 'The record is not read yet.' : lockedReason,
            run: () => {
              if (editing !== null) onDelete(recordKey, editing.detail.facts.etag);
            },
          },
        ]}
      />
      <IconButton icon="close" name="Close the inspector" onClick={onClose} />
    </div>
  );
  if (record.state !== 'open' || editing === null) {
    return (
      <aside className={styles.inspector} aria-label={`Record ${title}`} aria-busy={record.state === 'loading'}>
        {head}
        <div className={styles.tabsPlace} />
        {record.state === 'failed' ? (
          <ReadFailure
            error={record.error}
            place={connection.name}
            recordKey={recordKey}
            onRetry={actions.readAgain}
            onEditConnection={onEditConnection}
          />
        ) : (
          <Waiting />
        )}
        <DownloadPart download={downloaded} />
      </aside>
    );
  }

  const isRecord = editing.now !== null;
  const edits = editsOf(editing);
  const tab = chosenTab ?? (isRecord ? 'fields' : 'json');
  const edit = (next: Editing) => actions.edit(next);
  return (
    <aside className={styles.inspector} aria-label={`Record ${title}`}>
      {head}
      <SubTabs<TabName>
        label="Parts of the record"
        value={tab}
        onChange={(next) => {
          setProblem(null);
          setChosenTab(next);
        }}
        tabs={[
          {
            value: 'fields',
            label: 'Fields',
            changed: edits.length > 0,
            panel: isRecord ? (
              <FieldsTab
                key={generation}
                editing={editing}
                known={known}
                lockedReason={lockedReason}
                onEdit={edit}
                onProblem={setProblem}
              />
            ) : (
              <NoRecord editing={editing} />
            ),
          },
          {
            value: 'json',
            label: 'JSON',
            changed: isRecord ? editing.unfinished !== null : editing.body !== editing.detail.body,
            panel: <JsonTab key={generation} editing={editing} lockedReason={lockedReason} onEdit={edit} />,
          },
          {
            value: 'tags',
            label: 'Tags',
            count: editing.tags?.length,
            changed: tagsChanged(editing),
            panel:
              editing.tags === null ? (
                <div className={styles.notes}>
                  <Notice kind="warn" title="The tags cannot be read">
                    {editing.detail.tagsProblem}
                  </Notice>
                </div>
              ) : (
                <div className={styles.scroll}>
                  <TagsPanel
                    key={generation}
                    collection={collection.id}
                    readOnly={connection.readOnly}
                    tags={editing.tags}
                    lockedReason={lockedReason}
                    onChange={(tags) => edit(editTags(editing, tags))}
                  />
                </div>
              ),
          },
          {
            value: 'object',
            label: 'Object',
            panel: (
              <ObjectTab
                detail={editing.detail}
                bucket={collection.bucket}
                // The copy is another version than the one that the edits are of.
                lockedReason={lockedReason ?? (count > 0 ? 'Save the changes first, or discard them.' : null)}
                onChangeClass={() => onChangeClass(editing.detail.facts)}
              />
            ),
          },
        ]}
      />
      <div className={styles.messages}>
        <DownloadPart download={downloaded} />
        {editing.detail.notes.length === 0 || tab !== 'fields' ? null : (
          <Notice kind="info" className={styles.notice}>
            {editing.detail.notes.map((note) => (
              <div key={note}>{note}</div>
            ))}
          </Notice>
        )}
        <RecordMessages
          message={record.message}
          place={connection.name}
          savesWithoutTags={edits.length > 0}
          onShowNewer={() => {
            setGeneration(generation + 1);
            actions.showNewer();
          }}
          onSave={actions.save}
          onDismiss={actions.dismiss}
        />
      </div>
      {count === 0 && hindrance === null ? (
        <InspectorFoot facts={editing.detail.facts} />
      ) : (
        <SaveBar
          count={count}
          obstacle={hindrance}
          obstacleInView={problem !== null || tab === (editing.unfinished === null ? 'tags' : 'json')}
          work={record.work}
          connection={connection}
          weaker={weaker}
          shortcut={saveShortcut}
          onSave={() => actions.save()}
          onDiscard={() => {
            setGeneration(generation + 1);
            setProblem(null);
            actions.discard();
          }}
        />
      )}
    </aside>
  );
}

/** Save as a command, so that its keys stand in the shortcut sheet and work wherever the focus is. */
function useSaveCommand(possible: boolean, save: () => void): readonly Command<CommandContext>[] {
  const latest = useLatest({ possible, save });
  return useMemo(
    () => [
      {
        id: 'record.save',
        name: 'Save the record',
        shortcuts: ['Mod+S'],
        scope: 'anywhere',
        menu: 'Record',
        when: () =>
          latest.current.possible ? 'available' : { reason: 'Nothing is changed, or something is in the way' },
        run: () => latest.current.save(),
      },
    ],
    [latest],
  );
}

function NoRecord({ editing }: { readonly editing: Editing }) {
  const { problem } = editing.detail;
  const place =
    problem?.line === null || problem === null ? '' : ` Line ${problem.line}, column ${problem.column ?? 1}.`;
  return (
    <div className={styles.notes}>
      <Notice
        kind="warn"
        title="This object is no record"
        actions={editing.body === null ? <DownloadButton /> : undefined}
      >
        {problem?.message}
        {place}
        {editing.body === null ? null : ' Its text can be mended in the JSON tab.'}
      </Notice>
    </div>
  );
}

/** Grey bars in the place of fields to come; CSS holds them back for 100 ms, so that a quick read does not flicker. */
function Waiting() {
  return (
    <div className={styles.waiting} role="status" aria-label="Reading the record">
      {[112, 64, 144, 88, 120].map((width) => (
        <i key={width} style={{ width }} />
      ))}
    </div>
  );
}
