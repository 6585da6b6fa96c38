import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react';
import { menuBar } from '../api/bridge.ts';
import type { CommandContext } from './context.ts';
import { windowMenus } from './menus.ts';
import { runCommand } from './run-command.ts';
import { useAllCommands } from './use-all-commands.ts';

const NOTHING_TO_HEAR = (): void => undefined;

/** Keeps the system's menus as the commands are now, and runs what is chosen there. */
export function useMenuBar(context: CommandContext): void {
  const commands = useAllCommands();
  const { session } = context;
  // A query that starts or ends changes what can be done, and nothing else that the frame is drawn from.
  useSyncExternalStore(
    (onChange) => session?.subscribe(onChange) ?? NOTHING_TO_HEAR,
    () => session?.state() ?? null,
  );
  const bar = menuBar();
  const menus = bar === null ? null : windowMenus(commands, context);
  const text = JSON.stringify(menus);
  const shown = useRef('');
  useEffect(() => {
    if (bar === null || menus === null || shown.current === text) return;
    shown.current = text;
    bar.show(menus);
  });

  const choose = useEffectEvent((id: string) => {
    const command = commands.find((each) => each.id === id);
    // What the menu showed may be a moment old.
    if (command === undefined || context.workspace.dialog !== null || command.when(context) !== 'available') return;
    runCommand(command, context);
  });
  useEffect(() => bar?.subscribe((id) => choose(id)), [bar]);
}
