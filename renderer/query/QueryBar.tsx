import { Fragment, type KeyboardEvent } from 'react';
import { ASK_IN_SQL, STOP, canStop, RUN } from '../commands/query-commands.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { classes } from '../ui/classes.ts';
import { valueWords } from './condition-words.ts';
import { removeRule, type DraftCondition, type DraftGroup, type DraftRule } from './draft.ts';
import { operatorWords } from './operators.ts';
import styles from './QueryBar.module.css';
import { missingIn } from './query-text.ts';

export interface QueryBarProps {
  readonly draft: DraftGroup;
  readonly onDraft: (draft: DraftGroup) => void;
  /** Opens the builder, at a condition, or with a new one where it is null. */
  readonly onEdit: (condition: string | null) => void;
}

/** The query as pills; a group is a pair of brackets. */
export function QueryBar({ draft, onDraft, onEdit }: QueryBarProps) {
  const context = useCommandContext();
  const pills: PillActions = { onEdit, onRemove: (id) => onDraft(removeRule(draft, id)) };
  return (
    <section className={styles.bar} aria-label="Query">
      <div className={styles.conditions}>
        {draft.rules.length === 0 ? (
          <button type="button" className={classes(styles.pill, styles.placeholder)} onClick={() => onEdit(null)}>
            Add a condition
            <Icon name="plus" size={12} />
          </button>
        ) : (
          <>
            {draft.mode === 'none' ? <span className={styles.join}>not</span> : null}
            {draft.mode === 'none' && draft.rules.length > 1 ? (
              <Brackets group={draft} {...pills} />
            ) : (
              <Rules group={draft} {...pills} />
            )}
            <IconButton icon="plus" name="Add a condition" onClick={() => onEdit(null)} />
          </>
        )}
      </div>
      <div className={styles.tools}>
        <CommandButton command={ASK_IN_SQL} kind="quiet">
          SQL
        </CommandButton>
        {canStop(context) ? (
          <CommandButton key="stop" command={STOP} withShortcut>
            Stop
          </CommandButton>
        ) : (
          <CommandButton key="run" command={RUN} kind="primary" withShortcut>
            Run
          </CommandButton>
        )}
      </div>
    </section>
  );
}

interface PillActions {
  readonly onEdit: (condition: string) => void;
  readonly onRemove: (rule: string) => void;
}

function Rules({ group, ...actions }: { readonly group: DraftGroup } & PillActions) {
  return group.rules.map((rule, place) => (
    <Fragment key={rule.id}>
      {place === 0 ? null : <span className={styles.join}>{group.mode === 'all' ? 'and' : 'or'}</span>}
      <RulePill rule={rule} {...actions} />
    </Fragment>
  ));
}

function Brackets({ group, ...actions }: { readonly group: DraftGroup } & PillActions) {
  return (
    <span className={styles.group} role="group" aria-label={`${group.mode} of these`}>
      <Rules group={group} {...actions} />
    </span>
  );
}

function RulePill({ rule, ...actions }: { readonly rule: DraftRule } & PillActions) {
  if (rule.type === 'condition') return <Pill condition={rule} {...actions} />;
  return (
    <>
      {rule.mode === 'none' ? <span className={styles.join}>not</span> : null}
      <Brackets group={rule} {...actions} />
    </>
  );
}

function Pill({ condition, onEdit, onRemove }: { readonly condition: DraftCondition } & PillActions) {
  const missing = missingIn(condition);
  function handleKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Delete' && event.key !== 'Backspace') return;
    event.preventDefault();
    onRemove(condition.id);
  }
  return (
    <button
      type="button"
      className={classes(styles.pill, missing !== null && styles.incomplete)}
      title={missing === null ? undefined : `Not run: ${missing}`}
      aria-description={missing === null ? 'Press Delete to remove' : `Not run: ${missing}`}
      onClick={() => onEdit(condition.id)}
      onKeyDown={handleKeyDown}
    >
      {condition.field ?? 'field'} <span className={styles.operator}>{operatorWords(condition).short}</span>
      <span className={styles.value}>{valueWords(condition)}</span>
    </button>
  );
}
