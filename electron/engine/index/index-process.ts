/**
 * The process that decodes bodies and owns DuckDB. Main holds one handle; who starts it (Electron's utilityProcess or
 * node:child_process) is decided by the composition root, because the engine imports no `electron`.
 */
export interface IndexProcess {
  /** Structured clone: typed arrays, maps and bigints cross as they are. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, whatever ended it. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export type SpawnIndexProcess = () => IndexProcess;
