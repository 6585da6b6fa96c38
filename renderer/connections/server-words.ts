import type { LocalServer, ServerState } from '../../shared/local-server.ts';
import { downWord } from '../shell/connections-down.ts';
import { formatCount } from '../ui/format.ts';
import { KIND_NAMES } from './connection-words.ts';

/** How a server stands, in a word or two; empty while it is not known. */
export function rowStateWords(state: ServerState | null): string {
  switch (state?.state) {
    case 'up':
      return milliseconds(state.milliseconds);
    case 'down':
      return downWord(state.error.code);
    case 'stopped':
      return 'stopped';
    case 'idle':
    case undefined:
      return '';
  }
}

/** The same in a sentence. */
export function stateWords(state: ServerState | null): string {
  switch (state?.state) {
    case 'up': {
      const time = `answers in ${milliseconds(state.milliseconds)}`;
      return state.version === null ? time : `${time}, version ${state.version}`;
    }
    case 'down':
      return state.error.message;
    case 'stopped':
      return 'stopped until it is started again';
    case 'idle':
      return 'starts when something is read from it';
    case undefined:
      return 'is being asked …';
  }
}

function milliseconds(count: number): string {
  return `${formatCount(Math.max(1, Math.round(count)))} ms`;
}

export function foundTitle({ kind, version }: LocalServer): string {
  return version === null ? KIND_NAMES[kind] : `${KIND_NAMES[kind]} ${version}`;
}

export function foundWhere({ endpoint }: LocalServer): string {
  return `answers at ${endpoint.replace(/^https?:\/\//, '')}`;
}
