import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { Door } from './door.ts';
import { readLines, writeLine } from './lines.ts';
import { helloSchema, requestSchema, type OwnerDescription, type OwnerMessage, type Shell } from './socket-messages.ts';

/** The contract over a unix socket or named pipe, for guests of the data folder's owner. */
export interface SocketServer {
  /** Until then guests wait to be welcomed: where nothing can be served, they find out why by themselves. */
  serve(door: Door): void;
  /** Where a second start that wants the page finds it: `newAddress` is asked for each. */
  announce(newAddress: () => string): void;
  /** From now on new guests are told to wait for the end of their socket; those being served are cut off. */
  turnAway(): void;
  /** The same at the first moment when nobody is being served. */
  turnAwayWhenIdle(): Promise<void>;
  /** Stops listening and ends all sockets. */
  close(): Promise<void>;
}

/** Listens when it resolves. `token` is what a guest has to know. */
export async function startSocketServer(
  path: string,
  token: string,
  owner: Omit<OwnerDescription, 'url'>,
): Promise<SocketServer> {
  const sockets = new Set<Socket>();
  const guests = new Map<Socket, Guest>();
  /** Who came before there was a door. */
  const early = new Map<Socket, Shell>();
  const whenIdle: (() => void)[] = [];
  let open = true;
  let door: Door | null = null;
  let newAddress: (() => string) | null = null;

  const settleIdle = (): void => {
    if (guests.size === 0) for (const settle of whenIdle.splice(0)) settle();
  };

  const welcome = (socket: Socket, shell: Shell, opened: Door): void => {
    guests.set(socket, createGuest(socket, opened));
    const url = shell === 'browser' ? (newAddress?.() ?? null) : null;
    say(socket, { welcome: { ...owner, url } });
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    // A peer that breaks off is the same as one that leaves; `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      early.delete(socket);
      guests.get(socket)?.leave();
      guests.delete(socket);
      settleIdle();
    });
    readLines(socket, (message) => {
      const guest = guests.get(socket);
      if (guest) {
        guest.receive(message);
        return;
      }
      const hello = helloSchema.safeParse(message);
      if (!hello.success || !sameToken(hello.data.hello, token)) {
        socket.destroy();
        return;
      }
      // A command ends soon, a window stays: it waits and then owns the folder itself.
      const stays = hello.data.shell !== 'command-line' && owner.shell === 'command-line';
      if (!open || stays) {
        say(socket, { wait: true });
        return;
      }
      if (door) {
        welcome(socket, hello.data.shell, door);
        return;
      }
      early.set(socket, hello.data.shell);
      say(socket, { wait: true });
    });
  });

  await listen(server, path);
  const turnAway = (): void => {
    open = false;
    for (const socket of guests.keys()) socket.destroy();
  };

  return {
    serve: (opened) => {
      door = opened;
      for (const [socket, shell] of early) welcome(socket, shell, opened);
      early.clear();
    },
    announce: (made) => {
      newAddress = made;
    },
    turnAway,
    turnAwayWhenIdle: () =>
      new Promise((resolve) => {
        whenIdle.push(() => {
          turnAway();
          resolve();
        });
        settleIdle();
      }),
    close: async () => {
      turnAway();
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

interface Guest {
  receive(message: unknown): void;
  leave(): void;
}

function createGuest(socket: Socket, door: Door): Guest {
  const session = door.connect((event) => say(socket, { event }));
  return {
    receive: (message) => {
      const request = requestSchema.safeParse(message);
      if (!request.success) {
        socket.destroy();
        return;
      }
      if ('cancel' in request.data) {
        session.cancel(request.data.cancel);
        return;
      }
      const { call, channel, args } = request.data;
      // `call` never rejects (DoorSession).
      void session.call(call, channel, args).then((result) => say(socket, { answer: call, result }));
    },
    leave: () => session.close(),
  };
}

function say(socket: Socket, message: OwnerMessage): void {
  writeLine(socket, message);
}

function sameToken(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}

async function listen(server: Server, path: string): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(path);
  await listening;
  if (process.platform !== 'win32') await chmod(path, 0o600);
}
