import { useId, type RefObject } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { AppError } from '../../shared/result.ts';
import { useSqlColumns } from '../api/search-queries.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { ASK_IN_SQL, RUN } from '../commands/query-commands.ts';
import type { ResultSession } from '../query/result-session.ts';
import { RunButton } from '../query/RunButton.tsx';
import { currentWorkspace, type Tab } from '../shell/workspace.ts';
import { Icon } from '../ui/Icon.tsx';
import { LazySqlEditor } from './lazy-sql-editor.ts';
import styles from './SqlBar.module.css';
import type { SqlEditorHandle } from './SqlEditor.tsx';

interface SqlBarProps {
  readonly tab: Tab;
  readonly collection: CollectionListing;
  readonly session: ResultSession;
  readonly running: boolean;
  /** Why the statement could not be run, or was stopped. */
  readonly problem: AppError | null;
  readonly editor: RefObject<SqlEditorHandle | null>;
}

/** The statement, what is wrong with it, and the buttons of the query bar. */
export function SqlBar({ tab, collection, session, running, problem, editor }: SqlBarProps) {
  const context = useCommandContext();
  const columns = useSqlColumns(collection.id);
  const said = useId();
  const { line, column } = problem?.detail ?? {};
  const isWrongHere = line !== undefined && column !== undefined && session.state().asked === tab.statement;
  return (
    <section className={styles.bar} aria-label="Query">
      <div className={styles.statement}>
        <LazySqlEditor
          ref={editor}
          text={tab.statement}
          onChange={(statement) => currentWorkspace().changeTab(tab.id, { statement })}
          onRun={() => void RUN.run(context)}
          takesFocus={tab.takesFocus}
          onFocused={() => currentWorkspace().changeTab(tab.id, { takesFocus: false })}
          onCancel={() => {
            if (running) void session.stop();
          }}
          columns={columns}
          problem={problem !== null && isWrongHere ? { message: problem.message, line, column } : null}
          describedBy={problem === null ? undefined : said}
        />
        {problem === null ? null : (
          <div id={said} role="alert" className={styles.problem}>
            <Icon name="error" size={14} className={styles.problemIcon} />
            {problem.message}
          </div>
        )}
      </div>
      <div className={styles.tools}>
        <CommandButton command={ASK_IN_SQL} kind="quiet">
          Conditions
        </CommandButton>
        <RunButton />
      </div>
    </section>
  );
}
