import type { IconName } from './icon-shapes.ts';

/** One choice of a Select or Combobox. */
export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  readonly icon?: IconName | undefined;
  /** Class of the icon, such as a type's colour. */
  readonly iconClassName?: string | undefined;
  /** Faint, at the right end. */
  readonly detail?: string | undefined;
  /** Heading that it stands below; a Combobox shows the groups in the order in which they come. */
  readonly group?: string | undefined;
}
