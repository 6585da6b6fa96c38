/** Names of the desktop's inter-process messages: how preload and main carry the contract. */
export const IPC_CHANNELS = {
  /** invoke(channel, args, callId) → Result */
  call: 'dipper:call',
  /** send(callId) */
  cancel: 'dipper:cancel',
  /** main → page: EventMessage */
  event: 'dipper:event',
} as const;
