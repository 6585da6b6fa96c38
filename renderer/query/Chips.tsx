import { Fragment, useEffect, useRef, type KeyboardEvent } from 'react';
import { classes } from '../ui/classes.ts';
import { ContextMenu } from '../ui/ContextMenu.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import type { MenuEntry } from '../ui/MenuEntries.tsx';
import styles from './Chips.module.css';
import { valueWords } from './condition-words.ts';
import { placeName } from './draft-place.ts';
import { conditionsOf, type DraftCondition, type DraftGroup, type DraftRule, type GroupMode } from './draft.ts';
import { missingIn } from './missing.ts';
import { operatorWords } from './operator-words.ts';

export interface ChipActions {
  /** Opens the builder at a condition. */
  readonly onEdit: (condition: string) => void;
  readonly onSwitch: (rule: string, off: boolean) => void;
  readonly onRemove: (rule: string) => void;
}

/** 0 at the top, where a chip shows how it is removed; those inside of groups have their key and menu for that. */
interface Level {
  readonly level?: number;
}

export interface ChipsProps extends ChipActions {
  readonly group: DraftGroup;
}

/** The conditions of a query, a chip each; a group is a pair of brackets around its own. */
export function Chips({ group, onRemove, ...actions }: ChipsProps) {
  const place = useRef<HTMLSpanElement>(null);
  const next = useRef<number | null>(null);

  // Where a chip was removed by a key, the one that took its place has the focus.
  useEffect(() => {
    if (next.current === null) return;
    const chips = place.current?.querySelectorAll<HTMLElement>('[role="checkbox"]') ?? [];
    const chip =
      chips[Math.min(next.current, chips.length - 1)] ?? place.current?.parentElement?.querySelector('button');
    next.current = null;
    chip?.focus();
  });

  function remove(rule: string): void {
    const chips = [...(place.current?.querySelectorAll('[role="checkbox"]') ?? [])];
    const focused = chips.indexOf(document.activeElement ?? document.body);
    next.current = focused === -1 ? null : focused;
    onRemove(rule);
  }

  const all: ChipActions = { ...actions, onRemove: remove };
  const negated = group.mode === 'none' || group.mode === 'not-all';
  return (
    <span ref={place} className={styles.chips}>
      {negated ? <span className={styles.join}>not</span> : null}
      {negated && group.rules.length > 1 ? (
        <span className={styles.group} role="group" aria-label={groupWords(group)}>
          <Rules group={group} {...all} />
        </span>
      ) : (
        <Rules group={group} {...all} />
      )}
    </span>
  );
}

function Rules({ group, level = 0, ...actions }: ChipsProps & Level) {
  return group.rules.map((rule, place) => (
    <Fragment key={rule.id}>
      {place === 0 ? null : <span className={styles.join}>{JOINS[group.mode]}</span>}
      <RuleChip rule={rule} level={level} {...actions} />
    </Fragment>
  ));
}

const JOINS: Readonly<Record<GroupMode, string>> = { all: 'and', any: 'or', none: 'or', 'not-all': 'and' };

function RuleChip({ rule, ...actions }: { readonly rule: DraftRule } & ChipActions & Level) {
  return rule.type === 'condition' ? (
    <ConditionChip condition={rule} {...actions} />
  ) : (
    <GroupChip group={rule} {...actions} />
  );
}

function GroupChip({ group, level = 0, ...actions }: ChipsProps & Level) {
  const first = conditionsOf(group)[0];
  const negated = group.mode === 'none' || group.mode === 'not-all';
  return (
    <>
      {negated ? <span className={styles.join}>not</span> : null}
      <span
        className={classes(styles.group, level === 0 && styles.outer, group.off && styles.groupOff)}
        role="group"
        aria-label={groupWords(group)}
      >
        <Switch
          rule={group}
          label={`Group, ${groupWords(group)}`}
          className={styles.bracket}
          edit={first?.id ?? null}
          {...actions}
        />
        <Rules group={group} level={level + 1} {...actions} />
        {level > 0 ? null : (
          <IconButton
            small
            icon="close"
            name="Remove the group"
            tabIndex={-1}
            className={styles.remove}
            onClick={() => actions.onRemove(group.id)}
          />
        )}
      </span>
    </>
  );
}

function groupWords({ mode, rules }: DraftGroup): string {
  return `${mode === 'not-all' ? 'not all' : mode} of ${rules.length}`;
}

function ConditionChip({
  condition,
  level = 0,
  ...actions
}: { readonly condition: DraftCondition } & ChipActions & Level) {
  const missing = missingIn(condition);
  const name = placeName(condition.place);
  const { short } = operatorWords(condition);
  const value = valueWords(condition);
  const label = `${name} ${short} ${value}`.trim();
  return (
    <span
      className={classes(styles.chip, missing !== null && styles.incomplete, condition.off && styles.off)}
      title={missing === null ? undefined : `Not run: ${missing}`}
    >
      <Switch
        rule={condition}
        label={label}
        note={missing === null ? null : `Not run: ${missing}.`}
        className={styles.words}
        edit={condition.id}
        {...actions}
      >
        {name} <span className={styles.operator}>{short}</span>
        <span className={styles.value}>{value}</span>
      </Switch>
      {level > 0 ? null : (
        <IconButton
          small
          icon="close"
          name={`Remove ${label}`}
          tabIndex={-1}
          className={styles.remove}
          onClick={() => actions.onRemove(condition.id)}
        />
      )}
    </span>
  );
}

interface SwitchProps extends ChipActions {
  readonly rule: DraftRule;
  readonly label: string;
  readonly note?: string | null;
  readonly className: string | undefined;
  /** Condition that the builder opens at. */
  readonly edit: string | null;
  readonly children?: React.ReactNode;
}

/** What is pressed to switch a condition or group off and on; its keys and its menu do the rest. */
function Switch({ rule, label, note = null, className, edit, children, onEdit, onSwitch, onRemove }: SwitchProps) {
  function handleKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Delete' || event.key === 'Backspace') onRemove(rule.id);
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && edit !== null) onEdit(edit);
    else return;
    event.preventDefault();
  }
  const entries: readonly MenuEntry[] = [
    ...(edit === null ? [] : [{ id: 'edit', label: 'Edit', icon: 'edit' as const, run: () => onEdit(edit) }]),
    { id: 'off', label: rule.off ? 'Switch on' : 'Switch off', run: () => onSwitch(rule.id, !rule.off) },
    { id: 'remove', label: 'Remove', icon: 'trash', danger: true, separator: true, run: () => onRemove(rule.id) },
  ];
  return (
    <ContextMenu entries={entries}>
      <button
        type="button"
        role="checkbox"
        aria-checked={!rule.off}
        aria-label={label}
        aria-description={`${note === null ? '' : `${note} `}Space switches it off and on, Enter edits, Delete removes`}
        className={className}
        onClick={() => onSwitch(rule.id, !rule.off)}
        onKeyDown={handleKeyDown}
      >
        {children}
      </button>
    </ContextMenu>
  );
}
