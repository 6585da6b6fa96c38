import { z } from 'zod';
import type { EventMessage } from '../../shared/bridge.ts';
import type { Result } from '../../shared/result.ts';

export type Shell = 'desktop' | 'browser' | 'command-line';

/** Who owns a data folder, for messages and for a second start. */
export interface OwnerDescription {
  readonly shell: Shell;
  readonly processId: number;
  /** Of the browser host's page, for a guest that would show it, to be opened once; null where the owner has none. */
  readonly url: string | null;
}

/** First line of a guest; `token` from the owner's file shows that it may read the data folder. */
export const helloSchema = z.object({ hello: z.string(), shell: z.enum(['desktop', 'browser', 'command-line']) });

export const requestSchema = z.union([
  z.object({ call: z.string().max(200), channel: z.string().max(200), args: z.unknown() }),
  z.object({ cancel: z.string().max(200) }),
]);

/** What the owner says. */
export type OwnerMessage =
  | { readonly welcome: OwnerDescription }
  /** The owner is about to end, or is a command that ends soon: wait for the end of the socket and try again. */
  | { readonly wait: true }
  | { readonly answer: string; readonly result: Result<unknown> }
  | { readonly event: EventMessage };
