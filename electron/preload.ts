import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { BRIDGE_NAME, type Bridge, type EventMessage } from '../shared/bridge.ts';
import type { Answer } from '../shared/contract.ts';
import type { GivenFile } from '../shared/given-file.ts';
import { IPC_CHANNELS } from '../shared/ipc-channels.ts';
import type { Result } from '../shared/result.ts';

/** The page gets these functions and nothing of Electron; main checks who calls and what with. */
const bridge: Bridge = {
  invoke: (channel, args, callId): Promise<Result<Answer<typeof channel>>> =>
    ipcRenderer.invoke(IPC_CHANNELS.call, channel, args, callId),
  cancel: (callId) => ipcRenderer.send(IPC_CHANNELS.cancel, callId),
  subscribe: (listener) => {
    const forward = (_event: unknown, message: EventMessage): void => listener(message);
    ipcRenderer.on(IPC_CHANNELS.event, forward);
    return () => {
      ipcRenderer.off(IPC_CHANNELS.event, forward);
    };
  },
  giveFile: async (file, callId): Promise<Result<GivenFile> | null> => {
    // Throws for what only looks like a file: a page cannot make one with a path of its choice.
    const path = file instanceof File ? webUtils.getPathForFile(file) : '';
    return path === '' ? null : ipcRenderer.invoke(IPC_CHANNELS.giveFile, path, callId);
  },
  dragOut: {
    prepare: (records, callId): Promise<Result<{ file: string }>> =>
      ipcRenderer.invoke(IPC_CHANNELS.prepareDrag, records, callId),
    start: (file) => ipcRenderer.send(IPC_CHANNELS.startDrag, file),
  },
  menuBar: {
    show: (menus) => ipcRenderer.send(IPC_CHANNELS.menus, menus),
    subscribe: (listener) => {
      const forward = (_event: unknown, command: string): void => listener(command);
      ipcRenderer.on(IPC_CHANNELS.command, forward);
      return () => {
        ipcRenderer.off(IPC_CHANNELS.command, forward);
      };
    },
  },
};

contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
