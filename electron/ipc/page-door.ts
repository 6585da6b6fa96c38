import type { EventMessage } from '../../shared/bridge.ts';
import { isPemText } from '../../shared/certificate-text.ts';
import type { DraggedFile } from '../../shared/dragged-records.ts';
import { AppFailure, type Result } from '../../shared/result.ts';
import type { Door, DoorSession } from './door.ts';

/** The contract as a page may use it, and what its shell does for it. */
export interface PageDoor extends Door {
  connect(onEvent: (event: EventMessage) => void): PageSession;
}

export interface PageSession extends DoorSession {
  /** A file or folder that a person dropped or chose in the page, as its shell knows its path: a handle for the page. */
  giveFile(callId: string, path: string): Promise<Result<unknown>>;
  /** What its shell writes into a file that is dragged out of the window; `records` as they came from the page. */
  draggedFile(callId: string, records: unknown): Promise<Result<DraggedFile>>;
}

export function pageDoor(door: Door): PageDoor {
  return {
    connect: (onEvent) => {
      const session = door.connect(onEvent);
      return {
        ...session,
        giveFile: (callId, path) => session.call(callId, 'files:give', { path }),
        draggedFile: (callId, records) =>
          // The contract's server is compiled against the same map of channels to answers.
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          session.call(callId, 'exports:dragged', records) as Promise<Result<DraggedFile>>,
        call: async (callId, channel, args) =>
          namesFile(channel, args)
            ? { ok: false, error: new AppFailure('access-denied', `${channel} of a file is not for a page.`).error }
            : session.call(callId, channel, args),
      };
    },
  };
}

/** Of the source of an import, or of what one is to write. */
function hasPath(args: unknown): boolean {
  if (typeof args !== 'object' || args === null) return false;
  if ('job' in args) return hasPath(args.job);
  if ('badRows' in args && typeof args.badRows === 'object' && args.badRows !== null) return true;
  // What a page exports goes through `exports:start`.
  if ('kind' in args && args.kind === 'export') return true;
  return 'source' in args && typeof args.source === 'object' && args.source !== null && 'path' in args.source;
}

function hasCertificateFile(connection: unknown): boolean {
  const authority = member(member(connection, 'network'), 'certificateAuthority');
  return typeof authority === 'string' && !isPemText(authority);
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null
    ? (Object.entries(of).find(([key]) => key === name)?.[1] as unknown)
    : undefined;
}

/** Only the command line names files of this machine: a path that a page chose is never opened. */
function namesFile(channel: string, args: unknown): boolean {
  if (channel === 'record:upload' || channel === 'files:give') return true;
  // Names the files of profiles, and a profile may name a program: a page that could send a file here could run it.
  if (channel === 'collections:open-url') return true;
  if (channel === 'connections:save') return hasCertificateFile(member(args, 'connection'));
  if (channel === 'connections:test') return hasCertificateFile(member(args, 'draft'));
  if (channel === 'connections:import' || channel === 'connections:preview-import') {
    return member(member(args, 'file'), 'filesFrom') !== null;
  }
  if (channel.startsWith('import:') || channel === 'jobs:start') return hasPath(args);
  if (channel !== 'record:download') return false;
  return typeof args !== 'object' || args === null || !('path' in args) || args.path !== null;
}
