import type { FaultRule } from './faults/fault-rules.ts';
import type { HostedSandbox, SandboxOptions } from './run-sandbox.ts';

/** What the process is sent. */
export type ToSandbox =
  | { readonly type: 'start'; readonly options: SandboxOptions }
  /** From tests alone, see `faults/fault-rules.ts`; answered by `faults-set`. */
  | { readonly type: 'faults'; readonly rules: readonly FaultRule[]; readonly seed: number }
  | { readonly type: 'stop' };

/** What it sends back: one of the first two, once; notes at any time. */
export type FromSandbox =
  | { readonly type: 'ready'; readonly sandbox: Omit<HostedSandbox, 'faults' | 'close'> }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'note'; readonly note: string }
  | { readonly type: 'faults-set' };

export function isToSandbox(message: unknown): message is ToSandbox {
  return ['start', 'faults', 'stop'].includes(typeOf(message) ?? '');
}

export function isFromSandbox(message: unknown): message is FromSandbox {
  return ['ready', 'failed', 'note', 'faults-set'].includes(typeOf(message) ?? '');
}

function typeOf(message: unknown): string | null {
  return typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string'
    ? message.type
    : null;
}
