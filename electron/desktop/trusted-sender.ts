import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron';
import { isPageUrl } from './page-url.ts';

/** Every message is checked here: only the main frame of our own page may speak to main. */
export function isTrustedSender(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  // Null: the frame is gone or has gone elsewhere since it sent the message.
  return frame !== null && frame.parent === null && isPageUrl(frame.url);
}
