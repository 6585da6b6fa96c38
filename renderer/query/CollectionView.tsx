import { memo, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { View } from '../../shared/view.ts';
import { useChangeView, useView } from '../api/collection-queries.ts';
import { useFields, usePlan } from '../api/search-queries.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { BesideLine } from '../connections/BesideLine.tsx';
import { IMPORT } from '../commands/import-commands.ts';
import { NEW_RECORD } from '../commands/record-commands.ts';
import { Grid, type GridHandle } from '../grid/Grid.tsx';
import { moveToGap, setShown, shownColumns, type ColumnLayout } from '../grid/column-layout.ts';
import { gridColumns, type GridColumn } from '../grid/columns.ts';
import type { GridPlace } from '../grid/grid-keys.ts';
import { NOTHING_SELECTED, selectRow } from '../grid/selection.ts';
import { currentWorkspace, useWorkspace, type Tab } from '../shell/workspace.ts';
import { DragHandle } from '../transfer/DragHandle.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Builder } from './Builder.tsx';
import styles from './CollectionView.module.css';
import { CollectionFailure } from './CollectionFailure.tsx';
import { ColumnsButton } from './ColumnsButton.tsx';
import { kindOfPlace } from './draft-place.ts';
import { addRule, conditionsOf, newCondition, EMPTY_DRAFT, type DraftGroup } from './draft.ts';
import { ProfilePanel } from '../profile/ProfilePanel.tsx';
import { GridPlaceholder } from './GridPlaceholder.tsx';
import { PlanLine } from './PlanLine.tsx';
import { QueryBar } from './QueryBar.tsx';
import { withKnownKinds } from './operators.ts';
import { queryText } from './query-text.ts';
import { isUnderWay, type SessionAnswer, type SessionState } from './result-session.ts';
import { RunQuestionDialog } from './RunQuestionDialog.tsx';
import { keepRun, runChanged } from './run-query.ts';
import { sessionOf } from './sessions.ts';
import { useRowMenu } from './use-row-menu.ts';
import { useSettled } from './use-settled.ts';
import unseen from '../ui/Unseen.module.css';

export interface CollectionViewProps {
  readonly tab: Tab;
  readonly collection: CollectionListing;
  readonly connection: Connection | null;
}

const NO_FIELDS: readonly never[] = [];

/** Milliseconds after the last change of a query. */
const PLANNED_AFTER = 250;

/** A collection's tab: query, what it cost, and the records. */
export function CollectionView({ tab, collection, connection }: CollectionViewProps) {
  const session = sessionOf(tab, collection.id);
  const state = useSyncExternalStore(session.subscribe, session.state);
  const changeTab = useWorkspace((workspace) => workspace.changeTab);
  const inspectorOpen = useWorkspace((workspace) => workspace.inspectorOpen);
  const profileOpen = useWorkspace((workspace) => workspace.profileOpen);
  const [startAt, setStartAt] = useState<string | null>(null);
  const [explained, setExplained] = useState(false);
  // A field that was chosen before the fields were known waits for them, also when the builder is closed by then.
  const unsure = conditionsOf(tab.draft).some(({ place, kindKnown }) => place !== null && !kindKnown);
  const fields = useFields(tab.builderOpen || unsure ? collection.id : null).data ?? NO_FIELDS;
  const view = useView(collection.id);
  const grid = useRef<GridHandle>(null);
  const text = queryText(tab.draft, tab.sort);

  useEffect(() => {
    if (session.state().asked === null) void session.run(text, 'first-rows');
  }, [session, text]);

  useEffect(() => {
    const known = withKnownKinds(tab.draft, (place) => kindOfPlace(place, fields));
    if (known !== tab.draft) changeTab(tab.id, { draft: known });
  }, [changeTab, fields, tab.draft, tab.id]);

  const apply = (draft: DraftGroup) => void runChanged(tab.id, { draft });

  function edit(condition: string | null): void {
    if (condition === null) {
      const made = newCondition();
      setStartAt(made.id);
      changeTab(tab.id, { builderOpen: true, asText: false, draft: addRule(tab.draft, tab.draft.id, made) });
    } else {
      setStartAt(condition);
      changeTab(tab.id, { builderOpen: true, asText: false });
    }
  }

  function tryAgain(): void {
    setExplained(false);
    void session.rerun('forced');
  }

  const { answer, failure, running, question } = state;
  // What is typed is not planned key by key.
  const settled = useSettled(text, PLANNED_AFTER);
  const isRun = answer === null ? state.asked === null || failure !== null : answer.query === text;
  const isBuilt = settled === text && !running && !isRun;
  const next = usePlan(collection.id, isBuilt ? text : null, 'first-rows', null);
  const isAnswered = answer !== null && answer.opened.complete;
  const naive = usePlan(collection.id, isAnswered ? answer.query : null, 'held', answer?.opened.version ?? null);
  const showsFailure = failure !== null && !running && (answer === null || explained);
  const isGivenUp = answer === null && !running && state.asked !== null && question === null;
  const place = connection?.name ?? null;
  return (
    <div className={styles.view}>
      {tab.builderOpen ? (
        <Builder
          tab={tab}
          collection={collection.id}
          onChange={(change) => changeTab(tab.id, change)}
          onApply={apply}
          fields={fields}
          startAt={startAt}
          quiet={showsFailure}
          onClose={() => {
            changeTab(tab.id, { builderOpen: false });
            grid.current?.focus();
          }}
        />
      ) : showsFailure ? null : (
        <QueryBar collection={collection.id} draft={tab.draft} onApply={apply} onEdit={edit} />
      )}
      <PlanLine
        state={state}
        collection={collection.name}
        place={place}
        changed={answer !== null && answer.query !== text}
        next={next}
        naive={naive}
        inspectorOpen={inspectorOpen}
        dragged={
          answer === null || tab.selection.ranges.length === 0 ? null : (
            <DragHandle collection={collection.id} result={answer.opened.result} ranges={tab.selection.ranges} />
          )
        }
        columns={
          answer === null || view === null ? null : (
            <ColumnsButton collection={collection.id} answered={answer.opened.columns} view={view} sort={tab.sort} />
          )
        }
        onShowNewer={() => void session.rerun('first-rows')}
        onTryAgain={tryAgain}
        onExplain={answer === null || explained ? null : () => setExplained(true)}
      />
      <BesideLine tab={tab} collection={collection} />
      {question === null ? null : (
        <RunQuestionDialog
          question={question}
          collection={collection}
          connection={connection}
          onAllow={() => void session.allow().then(() => keepRun(tab))}
          onDecline={() => session.decline()}
        />
      )}
      <div className={styles.split}>
        {profileOpen && !showsFailure ? (
          <ProfilePanel tab={tab} collection={collection.id} opened={answer?.opened ?? null} />
        ) : null}
        <div className={styles.records}>
          {showsFailure ? (
            <CollectionFailure
              error={failure}
              collection={collection}
              connection={connection}
              rowsKept={answer !== null}
              onTryAgain={tryAgain}
              onEditQuery={() => changeTab(tab.id, { builderOpen: true })}
              onShowRows={answer === null ? null : () => setExplained(false)}
            />
          ) : answer === null || view === null ? (
            isGivenUp ? (
              <GivenUp onShow={() => void session.run(text, 'held')} />
            ) : (
              <GridPlaceholder label={collection.name} busy={running} />
            )
          ) : answer.opened.total === 0 && toCome(state, tab) === 0 ? (
            <NothingFound
              collection={collection}
              filtered={tab.draft.rules.length > 0 && answer.query !== '{}'}
              onClear={() => apply(EMPTY_DRAFT)}
            />
          ) : (
            <Records
              tab={tab}
              collection={collection}
              view={view}
              answer={answer}
              toCome={toCome(state, tab)}
              grid={grid}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** Rows that a first sync will still bring, where they can be counted: without conditions every object is a row. */
function toCome({ answer, progress }: SessionState, tab: Tab): number {
  if (answer === null || answer.opened.complete || !isUnderWay(progress) || tab.draft.rules.length > 0) return 0;
  return Math.max(progress.toRead - answer.opened.total, 0);
}

interface RecordsProps {
  readonly tab: Tab;
  readonly collection: CollectionListing;
  readonly view: View;
  readonly answer: SessionAnswer;
  readonly toCome: number;
  readonly grid: React.RefObject<GridHandle | null>;
}

/** Not drawn anew by what is beside it: a sync behind the answer tells of itself five times a second. */
const Records = memo(function Records({ tab, collection, view, answer, toCome: coming, grid }: RecordsProps) {
  const { changeTab, setInspectorOpen } = currentWorkspace();
  const session = sessionOf(tab, collection.id);
  const changeView = useChangeView(collection.id);
  const answered = answer.opened.columns;
  const columns = useMemo(() => shownColumns(answered, view.columns), [answered, view.columns]);
  const menu = useRowMenu();
  const { pages, epoch } = answer;
  useFollowRecord(tab, answer);

  const keyAt = (row: number): string | null => {
    const found = row < 0 ? null : pages.row(row);
    return found === null ? null : (found.page.keys[found.offset] ?? null);
  };

  function setActive(active: GridPlace): void {
    const record = active.row === tab.active.row ? tab.record : (keyAt(active.row) ?? tab.record);
    changeTab(tab.id, { active, record });
  }

  function open(row: number): void {
    const record = keyAt(row);
    if (record === null) return;
    changeTab(tab.id, { record });
    setInspectorOpen(true);
  }

  const setWidths = useCallback(
    (changed: Readonly<Record<string, number>>) =>
      changeView((before) => ({
        ...before,
        columns: { ...before.columns, widths: { ...before.columns.widths, ...changed } },
      })),
    [changeView],
  );

  const setLayout = (change: (layout: ColumnLayout) => ColumnLayout) =>
    changeView((before) => ({ ...before, columns: { ...before.columns, ...change(before.columns) } }));

  const sortBy = (sort: Tab['sort']) => void runChanged(tab.id, { sort });

  function moveColumn(column: GridColumn, gap: number): void {
    setLayout((layout) => moveToGap(layout, gridColumns(answered), columns, column.id, gap));
  }

  function hideColumn(column: GridColumn): void {
    setLayout((layout) => setShown(layout, column, false));
    currentWorkspace().say(`${column.name} is hidden: Columns shows it again`);
  }

  return (
    <>
      <h1 className={unseen.unseen}>{collection.name}</h1>
      <Grid
        ref={grid}
        label={`Records of ${collection.name}`}
        columns={columns}
        rows={pages}
        toCome={coming}
        sort={tab.sort}
        onSort={sortBy}
        arrange={{ onMove: moveColumn, onHide: hideColumn }}
        widths={view.columns.widths}
        onWidths={setWidths}
        active={tab.active}
        onActive={setActive}
        selection={tab.selection}
        onSelection={(selection) => changeTab(tab.id, { selection })}
        onOpen={open}
        menu={menu}
        scroll={session.scroll}
        epoch={epoch}
      />
    </>
  );
});

/** After another answer: the active row stays on its record where that is near, and starts anew with another query. */
function useFollowRecord(tab: Tab, answer: SessionAnswer): void {
  const shown = useRef(answer);
  useEffect(() => {
    const before = shown.current;
    shown.current = answer;
    if (before === answer) return;
    const { changeTab } = currentWorkspace();
    if (before.epoch !== answer.epoch) {
      // A header that was pressed keeps the focus.
      const row = Math.min(tab.active.row, 0);
      changeTab(tab.id, { active: { row, place: tab.active.place }, selection: NOTHING_SELECTED });
      return;
    }
    const old = before.pages.row(tab.active.row);
    const key = old?.page.keys[old.offset];
    const here = answer.pages.row(tab.active.row);
    const page = here?.page;
    if (key === undefined || page === undefined || here?.page.keys[here.offset] === key) return;
    const found = page.keys.indexOf(key);
    if (found === -1) changeTab(tab.id, { selection: NOTHING_SELECTED });
    else {
      const row = page.from + found;
      changeTab(tab.id, { active: { row, place: tab.active.place }, selection: selectRow(row) });
    }
  }, [answer, tab.id, tab.active]);
}

/** A first run that was stopped, or not begun because of its cost. */
function GivenUp({ onShow }: { readonly onShow: () => void }) {
  return (
    <EmptyState
      title="The records were not read, or not all of them"
      lead="What was read until the run was given up is in the index. Run reads the rest."
    >
      <Button onClick={onShow}>Show what was read</Button>
    </EmptyState>
  );
}

interface NothingFoundProps {
  readonly collection: CollectionListing;
  readonly filtered: boolean;
  readonly onClear: () => void;
}

function NothingFound({ collection, filtered, onClear }: NothingFoundProps) {
  const place = `s3://${collection.bucket}/${collection.prefix}`;
  return filtered ? (
    <EmptyState
      title="No record fits this query"
      lead={`Every record of ${collection.name} was asked. Change a condition, or remove them.`}
    >
      <Button onClick={onClear}>Remove all conditions</Button>
    </EmptyState>
  ) : (
    <EmptyState
      title={`${collection.name} has no records`}
      lead={`There is no object under ${place}. Records that you add here are saved there; a file that you drop here is imported.`}
    >
      <CommandButton command={NEW_RECORD} />
      <CommandButton command={IMPORT} />
    </EmptyState>
  );
}
