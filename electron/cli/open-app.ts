import { spawn } from 'node:child_process';
import { findElectron } from './electron-runtime.ts';
import type { ExitCode } from './exit-code.ts';
import { serve, type ServeOptions } from './serve-command.ts';
import type { CommandContext } from './session.ts';

export interface OpenOptions extends ServeOptions {
  readonly browser?: boolean;
}

export interface DesktopProgram {
  readonly rendererFolder: string;
  readonly electronFolder: string;
  readonly applicationFolder: string;
}

/** The desktop window; where there can be none, the browser host, and a line says why. */
export async function openApp(
  context: CommandContext,
  options: OpenOptions,
  program: DesktopProgram,
): Promise<ExitCode> {
  const { terminal, messages } = context;
  if (options.browser !== true) {
    const runtime = await findElectron(program.electronFolder, { ...terminal.environment });
    if ('executable' in runtime) {
      const outcome = await openWindow(context, runtime.executable, program.applicationFolder);
      if ('exitCode' in outcome) return outcome.exitCode;
      messages.note(`No desktop window, because ${outcome.reason}; Dipper opens in the browser.`);
    } else {
      messages.note(`No desktop window, because ${runtime.reason}; Dipper opens in the browser.`);
    }
  }
  return await serve(context, options, program.rendererFolder);
}

type WindowOutcome = { readonly exitCode: ExitCode } | { readonly reason: string };

/** Lives as long as the window. */
async function openWindow(
  context: CommandContext,
  executable: string,
  applicationFolder: string,
): Promise<WindowOutcome> {
  const { terminal, options } = context;
  const parameters = options.dataDir === undefined ? [] : [`--data-dir=${options.dataDir}`];
  // ELECTRON_RUN_AS_NODE, set by editors that are Electron themselves, would make it a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = terminal.environment;
  const child = spawn(executable, [applicationFolder, ...parameters], { stdio: 'inherit', env: environment });
  const stop = (): boolean => child.kill('SIGTERM');
  terminal.signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<WindowOutcome>((resolve) => {
      child.on('error', (error) => resolve({ reason: `Electron could not be started (${error.message})` }));
      child.on('exit', (code, signal) => {
        if (terminal.signal.aborted || code === 0) resolve({ exitCode: 0 });
        else if (code === MISSING_LIBRARY) resolve({ reason: 'system libraries that Electron needs are missing' });
        else if (signal !== null && CRASHES.has(signal)) resolve({ reason: `Electron ended with ${signal}` });
        else resolve({ exitCode: 1 });
      });
    });
  } finally {
    terminal.signal.removeEventListener('abort', stop);
  }
}

/** What the dynamic linker ends with. */
const MISSING_LIBRARY = 127;
/** Chromium ends itself so when its sandbox or its display cannot be had. */
const CRASHES: ReadonlySet<NodeJS.Signals> = new Set(['SIGTRAP', 'SIGABRT', 'SIGSEGV', 'SIGILL']);
