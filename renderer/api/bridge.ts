import { BRIDGE_NAME, type Bridge, type MenuBar } from '../../shared/bridge.ts';
import { createHttpBridge } from './http-bridge.ts';
import { takeToken } from './token.ts';

declare global {
  interface Window {
    readonly [BRIDGE_NAME]?: Bridge;
  }
}

let chosen: Bridge | null = null;

/** The preload script's bridge on the desktop, loopback HTTP in the browser host. */
export function bridge(): Bridge {
  chosen ??= window[BRIDGE_NAME] ?? createHttpBridge({ token: takeToken(window.location, window.sessionStorage) });
  return chosen;
}

/** Null where the page draws its own menus. */
export function menuBar(): MenuBar | null {
  return bridge().menuBar ?? null;
}
