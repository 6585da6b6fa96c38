/**
 * The menu bar of a desktop window, as the page describes it and main shows it. Main knows no command: what is chosen comes
 * back by its id. It is no part of the contract, because it belongs to the window, and the contract to the owner of the
 * data folder, which may be another process.
 */
export interface WindowMenu {
  readonly name: MenuName;
  /** Lines stand between sections. */
  readonly sections: readonly (readonly WindowMenuItem[])[];
}

export interface WindowMenuItem {
  /** Id of the command. */
  readonly id: string;
  readonly label: string;
  /** As the page writes it (`Shift+Mod+L`). Only shown: keys are the page's, which knows what has the focus. */
  readonly shortcut: string | null;
  readonly state: 'enabled' | 'disabled' | 'hidden';
  /** Null for what is neither on nor off. */
  readonly checked: boolean | null;
}

/** In this order. The menus of the system (Edit, Window) stand among them. */
export const MENU_NAMES = ['File', 'Record', 'Collection', 'View', 'Help'] as const;

export type MenuName = (typeof MENU_NAMES)[number];
