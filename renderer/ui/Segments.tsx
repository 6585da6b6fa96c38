import { type KeyboardEvent, useRef } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.ts';
import styles from './Segments.module.css';

export interface Segment<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly icon?: IconName;
  /** Only the icon is drawn; the label is its accessible name and tooltip. */
  readonly iconOnly?: boolean;
}

export interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly id?: string | undefined;
}

/** One of a few: a radio group with roving focus. */
export function Segments<Value extends string>({ label, segments, value, onChange, id }: SegmentsProps<Value>) {
  const group = useRef<HTMLDivElement>(null);
  function handleKeyDown(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = segments.findIndex((segment) => segment.value === value);
    const next = (at + step + segments.length) % segments.length;
    const segment = segments[next];
    if (segment === undefined) return;
    onChange(segment.value);
    const button = group.current?.children.item(next);
    if (button instanceof HTMLElement) button.focus();
  }
  return (
    <div ref={group} id={id} role="radiogroup" aria-label={label} className={styles.segments} onKeyDown={handleKeyDown}>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          role="radio"
          aria-checked={segment.value === value}
          aria-label={segment.iconOnly === true ? segment.label : undefined}
          title={segment.iconOnly === true ? segment.label : undefined}
          tabIndex={segment.value === value ? 0 : -1}
          className={styles.segment}
          onClick={() => onChange(segment.value)}
        >
          {segment.icon === undefined ? null : <Icon name={segment.icon} size={14} />}
          {segment.iconOnly === true ? null : segment.label}
        </button>
      ))}
    </div>
  );
}
