import type { HostedSandbox, SandboxOptions } from './run-sandbox.ts';

/** What the process is sent. */
export type ToSandbox = { readonly type: 'start'; readonly options: SandboxOptions } | { readonly type: 'stop' };

/** What it sends back: one of the first two, once; notes at any time. */
export type FromSandbox =
  | { readonly type: 'ready'; readonly sandbox: Omit<HostedSandbox, 'close'> }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'note'; readonly note: string };

export function isToSandbox(message: unknown): message is ToSandbox {
  return typeOf(message) === 'start' || typeOf(message) === 'stop';
}

export function isFromSandbox(message: unknown): message is FromSandbox {
  return ['ready', 'failed', 'note'].includes(typeOf(message) ?? '');
}

function typeOf(message: unknown): string | null {
  return typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string'
    ? message.type
    : null;
}
