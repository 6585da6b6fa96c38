import { memo, useCallback, useRef, useState, useSyncExternalStore } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { FieldSortKey } from '../../shared/query.ts';
import type { AppError, ErrorCode } from '../../shared/result.ts';
import { SQL_ASKS_OF } from '../../shared/sql.ts';
import { usePlan } from '../api/search-queries.ts';
import { Grid, type GridHandle } from '../grid/Grid.tsx';
import type { GridPlace } from '../grid/grid-keys.ts';
import { NOTHING_SELECTED } from '../grid/selection.ts';
import { CollectionFailure } from '../query/CollectionFailure.tsx';
import { GridPlaceholder } from '../query/GridPlaceholder.tsx';
import { PlanLine } from '../query/PlanLine.tsx';
import type { SessionAnswer } from '../query/result-session.ts';
import { RunQuestionDialog } from '../query/RunQuestionDialog.tsx';
import { sessionOf } from '../query/sessions.ts';
import { useRowMenu } from '../query/use-row-menu.ts';
import { currentWorkspace, useWorkspace, type Tab } from '../shell/workspace.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { sqlGridColumns } from './sql-columns.ts';
import { SqlBar } from './SqlBar.tsx';
import type { SqlEditorHandle } from './SqlEditor.tsx';
import styles from './SqlView.module.css';
import unseen from '../ui/Unseen.module.css';

export interface SqlViewProps {
  readonly tab: Tab;
  readonly collection: CollectionListing;
  readonly connection: Connection | null;
}

/** What is wrong with a statement rather than with the way to its records; said below the editor. */
const OF_THE_STATEMENT: ReadonlySet<ErrorCode> = new Set(['invalid-query', 'timed-out', 'internal']);

/** A collection's tab where it is asked in SQL: the statement, what it cost, and its rows. */
export function SqlView({ tab, collection, connection }: SqlViewProps) {
  const session = sessionOf(tab, collection.id);
  const state = useSyncExternalStore(session.subscribe, session.state);
  const inspectorOpen = useWorkspace((workspace) => workspace.inspectorOpen);
  const editor = useRef<SqlEditorHandle>(null);
  const [explained, setExplained] = useState(false);
  const { answer, failure, running, question } = state;
  const next = usePlan(collection.id, running ? null : SQL_ASKS_OF, 'first-rows', null);
  const problem = failure !== null && OF_THE_STATEMENT.has(failure.code) ? failure : null;
  const shown: AppError | null =
    failure !== null && problem === null && !running && (answer === null || explained) ? failure : null;

  function tryAgain(): void {
    setExplained(false);
    void session.rerun('forced');
  }

  return (
    <div className={styles.view}>
      <SqlBar tab={tab} collection={collection} session={session} running={running} problem={problem} editor={editor} />
      <PlanLine
        state={problem === null ? state : { ...state, failure: null }}
        collection={collection.name}
        rows
        next={next}
        naive={null}
        place={connection?.name ?? null}
        changed={answer !== null && answer.query !== tab.statement}
        inspectorOpen={inspectorOpen}
        columns={null}
        onShowNewer={() => void session.rerun('first-rows')}
        onTryAgain={tryAgain}
        onExplain={answer === null || explained ? null : () => setExplained(true)}
      />
      {question === null ? null : (
        <RunQuestionDialog
          question={question}
          collection={collection}
          connection={connection}
          onAllow={() => void session.allow()}
          onDecline={() => session.decline()}
        />
      )}
      {shown !== null ? (
        <CollectionFailure
          error={shown}
          collection={collection}
          connection={connection}
          rowsKept={answer !== null}
          onTryAgain={tryAgain}
          onEditQuery={() => editor.current?.focus()}
          onShowRows={answer === null ? null : () => setExplained(false)}
        />
      ) : answer !== null ? (
        answer.opened.total === 0 ? (
          <EmptyState title="The statement answered no rows" lead={namesOf(answer)} />
        ) : (
          <Rows tab={tab} collection={collection} answer={answer} />
        )
      ) : running ? (
        <GridPlaceholder label={collection.name} busy />
      ) : (
        <Beginning collection={collection} />
      )}
    </div>
  );
}

function namesOf({ opened }: SessionAnswer): string {
  return `Columns: ${opened.columns.map(({ name }) => name).join(', ')}`;
}

function Beginning({ collection }: { readonly collection: CollectionListing }) {
  return (
    <EmptyState
      title={`Ask ${collection.name} in SQL`}
      lead={
        <>
          <code>records</code>, or <code>S3Object</code>, has a row for each record: its fields, <code>id</code>,{' '}
          <code>key</code>, <code>size</code>, <code>etag</code>, <code>last_modified</code>, <code>storage_class</code>{' '}
          and the whole <code>body</code>. <code>DESCRIBE records</code> shows their types. A statement reads the index
          on this machine and changes nothing.
        </>
      }
    />
  );
}

interface RowsProps {
  readonly tab: Tab;
  readonly collection: CollectionListing;
  readonly answer: SessionAnswer;
}

/** Not drawn anew by what is beside it, as a query's records. */
const Rows = memo(function Rows({ tab, collection, answer }: RowsProps) {
  const { changeTab, setInspectorOpen, say } = currentWorkspace();
  const session = sessionOf(tab, collection.id);
  const grid = useRef<GridHandle>(null);
  const menu = useRowMenu();
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({});
  const onWidths = useCallback(
    (changed: Readonly<Record<string, number>>) => setWidths((before) => ({ ...before, ...changed })),
    [],
  );
  const { pages, opened } = answer;
  const columns = sqlGridColumns(opened.columns);

  /** Of the record that the row is of; null where it is of none. */
  function keyAt(row: number): string | null {
    const found = row < 0 ? null : pages.row(row);
    const key = found?.page.keys[found.offset] ?? '';
    return key === '' ? null : key;
  }

  function setActive(active: GridPlace): void {
    const record = active.row === tab.active.row ? tab.record : (keyAt(active.row) ?? tab.record);
    changeTab(tab.id, { active, record });
  }

  function sortBy(sort: readonly FieldSortKey[]): void {
    // A header that was pressed keeps the focus.
    const row = Math.min(tab.active.row, 0);
    changeTab(tab.id, { active: { row, place: tab.active.place }, selection: NOTHING_SELECTED });
    void session.sortBy(sort);
  }

  function open(row: number): void {
    const record = keyAt(row);
    if (record === null) return say('This row names no record: a column called id or key would');
    changeTab(tab.id, { record });
    setInspectorOpen(true);
  }

  return (
    <>
      <h1 className={unseen.unseen}>{collection.name}</h1>
      <Grid
        ref={grid}
        label={`Rows of the statement over ${collection.name}`}
        columns={columns}
        arrange={null}
        rows={pages}
        toCome={0}
        sort={answer.sort}
        onSort={sortBy}
        widths={widths}
        onWidths={onWidths}
        active={tab.active}
        onActive={setActive}
        selection={tab.selection}
        onSelection={(selection) => changeTab(tab.id, { selection })}
        onOpen={open}
        menu={menu}
        scroll={session.scroll}
        epoch={answer.epoch}
      />
    </>
  );
});
