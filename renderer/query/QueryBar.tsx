import { ASK_IN_SQL, EDIT_AS_TEXT, EDIT_QUERY } from '../commands/query-commands.ts';
import { CommandButton, CommandIconButton } from '../commands/CommandButton.tsx';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Chips } from './Chips.tsx';
import { removeRule, setOff, type DraftGroup } from './draft.ts';
import styles from './QueryBar.module.css';
import { QueryMenus } from './QueryMenus.tsx';
import { RunButton } from './RunButton.tsx';
import { SearchBox } from './SearchBox.tsx';
import { searchCondition } from './search-word.ts';

export interface QueryBarProps {
  readonly collection: string;
  readonly draft: DraftGroup;
  /** Takes the draft and runs it: what the bar shows is what the grid shows. */
  readonly onApply: (draft: DraftGroup) => void;
  /** Opens the builder, at a condition, or with a new one where it is null. */
  readonly onEdit: (condition: string | null) => void;
}

/** The query as chips, the box that searches every field, and what else is done with a query. */
export function QueryBar({ collection, draft, onApply, onEdit }: QueryBarProps) {
  // The search box shows its word itself.
  const search = searchCondition(draft);
  const shown = { ...draft, rules: draft.rules.filter((rule) => rule !== search) };
  return (
    <section className={styles.bar} aria-label="Query">
      <div className={styles.conditions}>
        {shown.rules.length === 0 ? (
          <button type="button" className={styles.placeholder} onClick={() => onEdit(null)}>
            Add a condition
            <Icon name="plus" size={12} />
          </button>
        ) : (
          <>
            <Chips
              group={shown}
              onEdit={onEdit}
              onSwitch={(rule, off) => onApply(setOff(draft, rule, off))}
              onRemove={(rule) => onApply(removeRule(draft, rule))}
            />
            <IconButton icon="plus" name="Add a condition" onClick={() => onEdit(null)} />
            <CommandIconButton command={EDIT_QUERY} />
          </>
        )}
      </div>
      <div className={styles.tools}>
        <SearchBox draft={draft} onApply={onApply} />
        <CommandIconButton command={EDIT_AS_TEXT} />
        <QueryMenus collection={collection} />
        <CommandButton command={ASK_IN_SQL} kind="quiet">
          SQL
        </CommandButton>
        <RunButton />
      </div>
    </section>
  );
}
