import { useEffect, useSyncExternalStore } from 'react';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

let registered: readonly Command<CommandContext>[] = [];
const listeners = new Set<() => void>();

/** Adds commands for as long as the component is mounted: those that need its state, such as Save of the inspector. */
export function useCommands(commands: readonly Command<CommandContext>[]): void {
  useEffect(() => {
    change([...registered, ...commands]);
    return () => change(registered.filter((command) => !commands.includes(command)));
  }, [commands]);
}

export function useRegisteredCommands(): readonly Command<CommandContext>[] {
  return useSyncExternalStore(subscribe, registeredCommands);
}

export function registeredCommands(): readonly Command<CommandContext>[] {
  return registered;
}

function change(next: readonly Command<CommandContext>[]): void {
  registered = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
