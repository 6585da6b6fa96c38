/** Where a running sandbox is and how to sign for it. */
export interface RunningSandbox {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Resolves when its process has ended. */
  stop(): Promise<void>;
  onExit(listener: (reason: string) => void): void;
}
