import { classes } from './classes.ts';
import styles from './Icon.module.css';
import { ICON_SHAPES, type IconName, type IconShape } from './icon-shapes.ts';

export interface IconProps {
  readonly name: IconName;
  /** Px: 16 on its own, 14 in headers and fields, 12 in marks. */
  readonly size?: 12 | 14 | 16;
  readonly className?: string | undefined;
}

/** Never without a name beside it: an icon is hidden from screen readers, its control or label says what it means. */
export function Icon({ name, size = 16, className }: IconProps) {
  const shape: IconShape = ICON_SHAPES[name];
  return (
    <svg
      className={classes(styles.icon, className)}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
      strokeWidth={shape.weight ?? (size === 12 ? 1.75 : 1.5)}
    >
      <path d={shape.path} />
    </svg>
  );
}
