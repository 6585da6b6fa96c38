import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import { RUN } from '../commands/query-commands.ts';
import { useCommandContext } from '../commands/context.ts';
import { runCommand } from '../commands/run-command.ts';
import type { Tab } from '../shell/workspace.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import { classes } from '../ui/classes.ts';
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
  setOff,
  type DraftCondition,
  type DraftGroup,
  type GroupMode,
} from './draft.ts';
import { missingIn } from './missing.ts';
import { QueryMenus } from './QueryMenus.tsx';
import { RunButton } from './RunButton.tsx';
import { QueryTextEditor } from './QueryTextEditor.tsx';
import { SearchBox } from './SearchBox.tsx';

export interface BuilderProps {
  readonly tab: Tab;
  readonly collection: string;
  readonly onChange: (change: Partial<Pick<Tab, 'draft' | 'typed' | 'asText'>>) => void;
  /** Takes the draft and runs it. */
  readonly onApply: (draft: DraftGroup) => void;
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
  { value: 'not-all', label: 'not all' },
];

const EDITORS = [
  { value: 'conditions', label: 'Conditions' },
  { value: 'text', label: 'Text' },
] as const;

/** The query builder, as conditions or as text: groups of all, any, none or not all, nested freely. */
export function Builder({ tab, collection, onChange, onApply, fields, startAt, quiet, onClose }: BuilderProps) {
  const { draft, asText } = tab;
  const context = useCommandContext();
  const body = useRef<HTMLDivElement>(null);
  const known = useRef<ReadonlySet<string> | null>(null);

  // A row that was added gets the focus, and so does the one the builder was opened at.
  useEffect(() => {
    const ids = conditionsOf(draft).map(({ id }) => id);
    const wanted = known.current === null ? (startAt ?? ids[0]) : ids.find((id) => known.current?.has(id) === false);
    known.current = new Set(ids);
    if (wanted !== undefined && !asText) focusRow(body.current, wanted);
  }, [asText, draft, startAt]);

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

  const conditions = useMemo(() => conditionsOf(draft), [draft]);
  // The same list while the draft is: another one would be another list of fields for one that is open.
  const tags = useMemo(() => tagsOf(conditions), [conditions]);
  const incomplete = conditions.filter((condition) => missingIn(condition) !== null).length;
  return (
    <section className={styles.builder} aria-label="Query" onKeyDownCapture={handleEscape} onKeyDown={handleKeyDown}>
      <div className={styles.head}>
        <h2 className={styles.title}>Query</h2>
        <span className={styles.note} role="status">
          {incomplete === 0 || asText
            ? ''
            : incomplete === 1
              ? 'One condition is not complete and is not run'
              : `${incomplete} conditions are not complete and are not run`}
        </span>
        <div className={styles.tools}>
          <SearchBox draft={draft} onApply={onApply} />
          <Segments
            label="How the query is edited"
            segments={EDITORS}
            value={asText ? 'text' : 'conditions'}
            onChange={(editor) => onChange({ asText: editor === 'text' })}
          />
          <QueryMenus collection={collection} />
          <RunButton kind={quiet ? 'normal' : 'primary'} />
          <IconButton icon="close" name="Close the builder" shortcut="Esc" onClick={onClose} />
        </div>
      </div>
      <div className={styles.body} ref={body}>
        {asText ? (
          <QueryTextEditor tab={tab} incomplete={incomplete} onChange={onChange} />
        ) : (
          <>
            <div className={styles.label}>Find records where</div>
            <GroupRows
              collection={collection}
              group={draft}
              root={draft}
              level={0}
              fields={fields}
              tags={tags}
              onDraft={(changed) => onChange({ draft: changed })}
            />
          </>
        )}
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
  readonly tags: readonly string[];
  readonly onDraft: (draft: DraftGroup) => void;
}

function GroupRows({ collection, group, root, level, fields, tags, onDraft }: GroupRowsProps) {
  return (
    <div role="group" aria-label={`${modeWords(group.mode)} of these`} className={classes(group.off && styles.off)}>
      <div className={styles.row}>
        {level === 0 ? null : (
          <Checkbox
            labelHidden
            label="The group is applied"
            checked={!group.off}
            onChange={(on) => onDraft(setOff(root, group.id, !on))}
          />
        )}
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
              tags={tags}
              onDraft={onDraft}
            />
          ) : (
            <ConditionRow
              key={rule.id}
              collection={collection}
              condition={rule}
              fields={fields}
              tags={tags}
              onChange={(condition) => onDraft(changeCondition(root, condition))}
              onRemove={() => onDraft(removeRule(root, rule.id))}
            />
          ),
        )}
      </div>
    </div>
  );
}

function modeWords(mode: GroupMode): string {
  return MODES.find(({ value }) => value === mode)?.label ?? mode;
}

/** Tags that are asked already: nobody else knows of any before they are read. */
function tagsOf(conditions: readonly DraftCondition[]): readonly string[] {
  const tags = conditions.flatMap(({ place }) => (place !== null && 'tag' in place ? [place.tag] : []));
  return [...new Set(tags)].toSorted();
}

/** A new row starts at its field, one with a field at its value. */
function focusRow(body: HTMLElement | null, condition: string): void {
  const row = body?.querySelector(`[data-condition="${CSS.escape(condition)}"]`);
  const field = row?.querySelector<HTMLInputElement>('input[role="combobox"]');
  const value = row?.querySelector('[data-editor] input, [data-editor] button');
  const wanted = field?.value === '' || !(value instanceof HTMLElement) ? field : value;
  wanted?.focus();
}
