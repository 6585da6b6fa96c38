/** Names of the desktop's inter-process messages: how preload and main carry the contract, and what belongs to the window itself. */
export const IPC_CHANNELS = {
  /** invoke(channel, args, callId) → Result */
  call: 'dipper:call',
  /** invoke(path, callId) → Result of GivenFile; what preload knows the path of, no page */
  giveFile: 'dipper:give-file',
  /** invoke(DraggedRecords, callId) → Result of a handle */
  prepareDrag: 'dipper:prepare-drag',
  /** send(handle), while the button of the mouse is down */
  startDrag: 'dipper:start-drag',
  /** send(callId) */
  cancel: 'dipper:cancel',
  /** main → page: EventMessage */
  event: 'dipper:event',
  /** send(WindowMenu[]) */
  menus: 'dipper:menus',
  /** main → page: id of the command that was chosen in a menu */
  command: 'dipper:command',
} as const;
