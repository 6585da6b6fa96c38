import { expect, test } from 'vitest';
import { APPLICATION_COMMANDS } from '../../../renderer/commands/application-commands.ts';
import { shortcutsOf } from '../../../renderer/commands/command.ts';
import { matchesShortcut, showShortcut } from '../../../renderer/commands/shortcut.ts';
import { switchCommands } from '../../../renderer/commands/switch-commands.ts';
import type { Connection } from '../../../shared/connection.ts';

const NONE = { code: '', metaKey: false, ctrlKey: false, altKey: false, shiftKey: false };

test('shortcuts are matched and written as the system does', () => {
  expect([
    matchesShortcut({ ...NONE, key: 'Enter', metaKey: true }, 'Mod+Enter', 'mac'),
    matchesShortcut({ ...NONE, key: 'Enter', ctrlKey: true }, 'Mod+Enter', 'mac'),
    matchesShortcut({ ...NONE, key: 'Enter', ctrlKey: true }, 'Mod+Enter', 'linux'),
    matchesShortcut({ ...NONE, key: '?', shiftKey: true }, '?', 'linux'),
    matchesShortcut({ ...NONE, key: '˜', code: 'KeyN', altKey: true }, 'Alt+N', 'mac'),
    matchesShortcut({ ...NONE, key: 'c', ctrlKey: true }, 'Shift+Mod+C', 'linux'),
    matchesShortcut({ ...NONE, key: ' ' }, 'Space', 'linux'),
    matchesShortcut({ ...NONE, key: '™', code: 'Digit2', altKey: true }, 'Alt+2', 'mac'),
    matchesShortcut({ ...NONE, key: 'é', code: 'Digit2', ctrlKey: true }, 'Mod+2', 'linux'),
    matchesShortcut({ ...NONE, key: '2', code: 'Digit2', ctrlKey: true, shiftKey: true }, 'Mod+2', 'linux'),
  ]).toEqual([true, false, true, true, true, false, true, true, true, false]);
  expect([showShortcut('Mod+Enter', 'mac'), showShortcut('Shift+Mod+C', 'windows')]).toEqual(['⌘↵', 'Ctrl+Shift+C']);
});

test('no two commands of the frame share keys at one place', () => {
  for (const shell of ['desktop', 'browser'] as const) {
    const keys = APPLICATION_COMMANDS.flatMap((command) => shortcutsOf(command, shell));
    expect(keys).toEqual([...new Set(keys)]);
  }
});

test('the first nine connections have a digit each, that no other command has', () => {
  const connections = Array.from({ length: 11 }, (_, place) => connectionNamed(`c${place}`));
  const commands = switchCommands(connections);
  for (const shell of ['desktop', 'browser'] as const) {
    const keys = commands.flatMap((command) => shortcutsOf(command, shell));
    const modifier = shell === 'desktop' ? 'Mod' : 'Alt';
    expect(keys).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `${modifier}+${digit}`));
    const others = APPLICATION_COMMANDS.flatMap((command) => shortcutsOf(command, shell));
    expect(others.filter((key) => keys.includes(key))).toEqual([]);
  }
});

function connectionNamed(name: string): Connection {
  return {
    id: name,
    name,
    kind: 'custom',
    endpoint: 'http://s3.test',
    region: 'us-east-1',
    pathStyle: true,
    credentials: { source: 'environment' },
    environment: 'test',
    readOnly: false,
    maxWorkers: null,
  };
}

test('in a browser no command asks for keys that browsers keep to themselves', () => {
  const keys = APPLICATION_COMMANDS.flatMap((command) => shortcutsOf(command, 'browser'));
  expect(keys).not.toEqual(expect.arrayContaining(['Mod+T']));
  expect(keys.filter((key) => ['Mod+T', 'Mod+W', 'Mod+N'].includes(key))).toEqual([]);
});
