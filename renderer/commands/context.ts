import { createContext, useContext } from 'react';
import type { ApplicationState } from '../../shared/contract.ts';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { Settings } from '../../shared/settings.ts';
import type { View } from '../../shared/view.ts';
import type { ResultSession } from '../query/result-session.ts';
import type { Tab, Workspace } from '../shell/workspace.ts';

/** What commands look at and act on. */
export interface CommandContext {
  readonly shell: ApplicationState['shell'];
  readonly platform: ApplicationState['platform'];
  readonly workspace: Workspace;
  readonly settings: Settings;
  readonly writeSettings: (settings: Partial<Settings>) => void;
  /** The tab that is shown. */
  readonly tab: Tab | null;
  /** Of the tab that is shown; null on the welcome page. */
  readonly collection: CollectionListing | null;
  readonly connection: Connection | null;
  /** How the collection is looked at; null until it is known. */
  readonly view: View | null;
  readonly session: ResultSession | null;
}

export const CommandContextProvider = createContext<CommandContext | null>(null);

export function useCommandContext(): CommandContext {
  const context = useContext(CommandContextProvider);
  if (context === null) throw new Error('There is no CommandContextProvider around this component.');
  return context;
}
