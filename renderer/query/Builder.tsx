import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import { canStop, RUN, STOP } from '../commands/query-commands.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { runCommand } from '../commands/run-command.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Segments } from '../ui/Segments.tsx';
import styles from './Builder.module.css';
import { ConditionRow } from './ConditionRow.tsx';
import {
  addRule,
  changeCondition,
  changeMode,
  conditionsOf,
  newCondition,
  newGroup,
  removeRule,
  type DraftGroup,
  type GroupMode,
} from './draft.ts';
import { missingIn } from './query-text.ts';

export interface BuilderProps {
  readonly collection: string;
  readonly draft: DraftGroup;
  readonly onDraft: (draft: DraftGroup) => void;
  readonly fields: readonly FieldSummary[];
  /** Condition whose editor gets the focus when the builder opens. */
  readonly startAt: string | null;
  /** Another button of the view is the filled one: Run steps back. */
  readonly quiet: boolean;
  readonly onClose: () => void;
}

const MODES: readonly { readonly value: GroupMode; readonly label: string }[] = [
  { value: 'all', label: 'all' },
  { value: 'any', label: 'any' },
  { value: 'none', label: 'none' },
];

/** The visual query builder: groups of all, any or none, nested freely. */
export function Builder({ collection, draft, onDraft, fields, startAt, quiet, onClose }: BuilderProps) {
  const context = useCommandContext();
  const body = useRef<HTMLDivElement>(null);
  const known = useRef<ReadonlySet<string> | null>(null);

  // A row that was added gets the focus, and so does the one the builder was opened at.
  useEffect(() => {
    const ids = conditionsOf(draft).map(({ id }) => id);
    const wanted = known.current === null ? (startAt ?? ids[0]) : ids.find((id) => known.current?.has(id) === false);
    known.current = new Set(ids);
    if (wanted !== undefined) focusRow(body.current, wanted);
  }, [draft, startAt]);

  /** Before the fields see it: a combobox that is closed would take Escape for emptying itself. */
  function handleEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !(event.target instanceof Element)) return;
    // React's events also come from open lists, which stand elsewhere in the document: those close themselves.
    const inside = event.currentTarget.contains(event.target);
    if (!inside || event.target.getAttribute('aria-expanded') === 'true') return;
    // A value that is being edited in its list gives that up first.
    if (event.target.hasAttribute('data-own-escape')) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  }

  function handleKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      runCommand(RUN, context);
    }
  }

  const conditions = conditionsOf(draft);
  const incomplete = conditions.filter((condition) => missingIn(condition) !== null).length;
  return (
    <section className={styles.builder} aria-label="Query" onKeyDownCapture={handleEscape} onKeyDown={handleKeyDown}>
      <div className={styles.head}>
        <h2 className={styles.title}>Query</h2>
        <span className={styles.note} role="status">
          {incomplete === 0
            ? ''
            : incomplete === 1
              ? 'One condition is not complete and is not run'
              : `${incomplete} conditions are not complete and are not run`}
        </span>
        <div className={styles.tools}>
          {canStop(context) ? (
            <CommandButton key="stop" command={STOP} withShortcut>
              Stop
            </CommandButton>
          ) : (
            <CommandButton command={RUN} kind={quiet ? 'normal' : 'primary'} withShortcut>
              Run
            </CommandButton>
          )}
          <IconButton icon="close" name="Close the builder" shortcut="Esc" onClick={onClose} />
        </div>
      </div>
      <div className={styles.body} ref={body}>
        <div className={styles.label}>Find records where</div>
        <GroupRows collection={collection} group={draft} root={draft} level={0} fields={fields} onDraft={onDraft} />
      </div>
    </section>
  );
}

interface GroupRowsProps {
  readonly collection: string;
  readonly group: DraftGroup;
  readonly root: DraftGroup;
  readonly level: number;
  readonly fields: readonly FieldSummary[];
  readonly onDraft: (draft: DraftGroup) => void;
}

function GroupRows({ collection, group, root, level, fields, onDraft }: GroupRowsProps) {
  return (
    <div role="group" aria-label={`${group.mode} of these`}>
      <div className={styles.row}>
        <Segments
          label="How these conditions join"
          segments={MODES}
          value={group.mode}
          onChange={(mode) => onDraft(changeMode(root, group.id, mode))}
        />
        <span className={styles.soft}>of these</span>
        <IconButton
          icon="plus"
          name="Add a condition"
          onClick={() => onDraft(addRule(root, group.id, newCondition()))}
        />
        <Menu
          trigger={<IconButton icon="more" name="More for this group" />}
          entries={[
            {
              id: 'add-group',
              label: 'Add a group',
              icon: 'brackets',
              run: () => onDraft(addRule(root, group.id, newGroup(group.mode === 'any' ? 'all' : 'any'))),
            },
            ...(level === 0
              ? [
                  {
                    id: 'clear',
                    label: 'Remove all conditions',
                    icon: 'trash' as const,
                    disabledReason: root.rules.length === 0 ? 'There are none' : null,
                    run: () => onDraft({ ...root, mode: 'all', rules: [] }),
                  },
                ]
              : [
                  {
                    id: 'remove',
                    label: 'Remove this group',
                    icon: 'trash' as const,
                    run: () => onDraft(removeRule(root, group.id)),
                  },
                ]),
          ]}
        />
      </div>
      <div className={styles.rules}>
        {group.rules.map((rule) =>
          rule.type === 'group' ? (
            <GroupRows
              key={rule.id}
              collection={collection}
              group={rule}
              root={root}
              level={level + 1}
              fields={fields}
              onDraft={onDraft}
            />
          ) : (
            <ConditionRow
              key={rule.id}
              collection={collection}
              condition={rule}
              fields={fields}
              onChange={(condition) => onDraft(changeCondition(root, condition))}
              onRemove={() => onDraft(removeRule(root, rule.id))}
            />
          ),
        )}
      </div>
    </div>
  );
}

/** A new row starts at its field, one with a field at its value. */
function focusRow(body: HTMLElement | null, condition: string): void {
  const row = body?.querySelector(`[data-condition="${CSS.escape(condition)}"]`);
  const field = row?.querySelector('input');
  const value = row?.querySelector('[data-editor] input, [data-editor] button');
  const wanted = field?.value === '' || !(value instanceof HTMLElement) ? field : value;
  wanted?.focus();
}
