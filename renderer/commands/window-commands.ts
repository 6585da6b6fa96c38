import type { Settings } from '../../shared/settings.ts';
import { activeRecord, inCollection } from './availability.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

export const NEW_TAB: Command<CommandContext> = {
  id: 'tab.new',
  name: 'New tab',
  icon: 'plus',
  shortcuts: ['Mod+T'],
  browserShortcuts: ['Alt+T'],
  scope: 'anywhere',
  menu: 'File',
  when: () => 'available',
  run: ({ workspace }) => workspace.openWelcome(),
};

export const CLOSE_TAB: Command<CommandContext> = {
  id: 'tab.close',
  name: 'Close the tab',
  icon: 'close',
  shortcuts: ['Mod+W'],
  browserShortcuts: ['Alt+W'],
  scope: 'anywhere',
  menu: 'File',
  startsSection: true,
  when: ({ tab }) => (tab === null ? 'hidden' : 'available'),
  run: ({ tab, workspace }) => {
    if (tab !== null) workspace.closeTab(tab.id);
  },
};

export const SHOW_PALETTE: Command<CommandContext> = {
  id: 'application.palette',
  name: 'Search or run a command',
  icon: 'search',
  shortcuts: ['Mod+K'],
  scope: 'anywhere',
  menu: 'View',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'palette' }),
};

export const TOGGLE_INSPECTOR: Command<CommandContext> = {
  id: 'inspector.toggle',
  name: 'Show or hide the inspector',
  icon: 'panel-right',
  shortcuts: ['Mod+I'],
  browserShortcuts: ['Alt+I'],
  scope: 'anywhere',
  menu: 'View',
  startsSection: true,
  when: inCollection,
  checked: ({ workspace }) => workspace.inspectorOpen,
  run: (context) => {
    const { tab, workspace } = context;
    if (workspace.inspectorOpen || tab === null) return workspace.setInspectorOpen(false);
    const record = tab.record ?? activeRecord(context)?.key ?? null;
    workspace.changeTab(tab.id, { record });
    workspace.setInspectorOpen(true);
  },
};

export const TOGGLE_PROFILE: Command<CommandContext> = {
  id: 'profile.toggle',
  name: 'Show or hide the profile of the fields',
  icon: 'profile',
  shortcuts: ['Shift+Mod+H'],
  browserShortcuts: ['Alt+H'],
  scope: 'anywhere',
  menu: 'View',
  when: (context) =>
    context.tab?.language === 'sql'
      ? { reason: 'The profile is of the records of a query: choose conditions first' }
      : inCollection(context),
  checked: ({ workspace }) => workspace.profileOpen,
  run: ({ workspace }) => workspace.setProfileOpen(!workspace.profileOpen),
};

export const TOGGLE_REQUESTS: Command<CommandContext> = {
  id: 'requests.toggle',
  name: 'Show or hide the request log',
  icon: 'requests',
  shortcuts: ['Shift+Mod+L'],
  browserShortcuts: ['Alt+L'],
  scope: 'anywhere',
  menu: 'View',
  when: () => 'available',
  checked: ({ workspace }) => workspace.panel === 'requests',
  run: ({ workspace }) => workspace.openPanel(workspace.panel === 'requests' ? null : 'requests'),
};

function themeCommand(theme: Settings['theme'], name: string): Command<CommandContext> {
  return {
    id: `theme.${theme}`,
    name,
    scope: 'page',
    menu: 'View',
    ...(theme === 'light' ? { startsSection: true } : {}),
    when: () => 'available',
    checked: ({ settings }) => settings.theme === theme,
    run: ({ writeSettings }) => writeSettings({ theme }),
  };
}

export const THEMES: readonly Command<CommandContext>[] = [
  themeCommand('light', 'Light theme'),
  themeCommand('dark', 'Dark theme'),
  themeCommand('system', 'Theme of the system'),
];

export const SHOW_SETTINGS: Command<CommandContext> = {
  id: 'application.settings',
  name: 'Settings',
  icon: 'settings',
  shortcuts: ['Mod+,'],
  scope: 'anywhere',
  menu: 'File',
  startsSection: true,
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'settings' }),
};

export const SHOW_SHORTCUTS: Command<CommandContext> = {
  id: 'application.shortcuts',
  name: 'Shortcuts',
  shortcuts: ['?'],
  scope: 'page',
  menu: 'Help',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'shortcuts' }),
};
