import { useSyncExternalStore } from 'react';
import type { HostState } from '../../shared/bridge.ts';
import { bridge } from './bridge.ts';

/** Whether the Dipper that this page belongs to still answers. */
export function useHost(): HostState {
  return useSyncExternalStore(subscribe, state);
}

function subscribe(listener: () => void): () => void {
  return bridge().host?.subscribe(listener) ?? (() => undefined);
}

function state(): HostState {
  return bridge().host?.state() ?? 'there';
}
