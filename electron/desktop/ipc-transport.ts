import { ipcMain, type WebContents } from 'electron';
import { IPC_CHANNELS } from '../../shared/ipc-channels.ts';
import { AppFailure, type Result } from '../../shared/result.ts';
import type { Door } from '../ipc/door.ts';
import { pageDoor, type PageSession } from '../ipc/page-door.ts';
import type { DraggedFiles } from './dragged-files.ts';
import { isTrustedSender } from './trusted-sender.ts';

/**
 * The contract over Electron's inter-process messages. `door` answers a promise because the window comes first: its calls
 * wait until the application is open; where it could not be opened, a later call asks for the door again. A page that reloads, crashes or closes loses its session, and so all its calls.
 */
export function serveOverIpc(door: () => Promise<Door>, dragged: DraggedFiles): void {
  const sessions = new Map<WebContents, Promise<PageSession>>();
  const watched = new WeakSet<WebContents>();

  const end = (contents: WebContents): void => {
    const session = sessions.get(contents);
    sessions.delete(contents);
    // Where the application did not open there is no session, and the shell has said why.
    session?.then(
      (ended) => ended.close(),
      () => undefined,
    );
  };

  const watch = (contents: WebContents): void => {
    if (watched.has(contents)) return;
    watched.add(contents);
    contents.on('did-navigate', () => end(contents));
    contents.on('render-process-gone', () => end(contents));
    contents.on('destroyed', () => end(contents));
  };

  const sessionOf = (contents: WebContents): Promise<PageSession> => {
    const known = sessions.get(contents);
    if (known) return known;
    watch(contents);
    const session = door().then((opened) =>
      pageDoor(opened).connect((event) => {
        if (!contents.isDestroyed()) contents.send(IPC_CHANNELS.event, event);
      }),
    );
    sessions.set(contents, session);
    session.catch(() => {
      if (sessions.get(contents) === session) sessions.delete(contents);
    });
    return session;
  };

  const withSession = async (
    contents: WebContents,
    work: (session: PageSession) => Promise<Result<unknown>>,
  ): Promise<Result<unknown>> => {
    try {
      return await work(await sessionOf(contents));
    } catch (error) {
      return failed(error instanceof AppFailure ? error : new AppFailure('internal', 'Dipper could not be opened.'));
    }
  };

  ipcMain.handle(
    IPC_CHANNELS.call,
    async (event, channel: unknown, args: unknown, callId: unknown): Promise<Result<unknown>> => {
      if (!isTrustedSender(event) || typeof channel !== 'string' || typeof callId !== 'string') return notTrusted();
      return withSession(event.sender, (session) => session.call(callId, channel, args));
    },
  );
  ipcMain.handle(IPC_CHANNELS.giveFile, async (event, path: unknown, callId: unknown): Promise<Result<unknown>> => {
    if (!isTrustedSender(event) || typeof path !== 'string' || typeof callId !== 'string') return notTrusted();
    return withSession(event.sender, (session) => session.giveFile(callId, path));
  });
  ipcMain.handle(
    IPC_CHANNELS.prepareDrag,
    async (event, records: unknown, callId: unknown): Promise<Result<unknown>> => {
      if (!isTrustedSender(event) || typeof callId !== 'string') return notTrusted();
      return withSession(event.sender, async (session) => {
        const made = await session.draggedFile(callId, records);
        return made.ok ? { ok: true, value: { file: await dragged.write(made.value) } } : made;
      });
    },
  );
  ipcMain.on(IPC_CHANNELS.cancel, (event, callId: unknown) => {
    if (!isTrustedSender(event) || typeof callId !== 'string') return;
    sessions.get(event.sender)?.then(
      (session) => session.cancel(callId),
      () => undefined,
    );
  });
}

function failed(failure: AppFailure): Result<unknown> {
  return { ok: false, error: failure.error };
}

function notTrusted(): Result<unknown> {
  return failed(new AppFailure('access-denied', 'Only the page of Dipper itself may ask this.'));
}
