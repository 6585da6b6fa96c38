import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withDipper } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, type AddVerb } from './verb.ts';

interface DiagnosticsOptions {
  readonly withNames?: boolean;
}

export const addDiagnosticsCommand: AddVerb = (program, run) => {
  const command = program
    .command('diagnostics')
    .argument('<file>', 'where to write them, in a new file; - prints them')
    .option('--with-names', 'with the names of buckets, keys, servers and files')
    .action((file: string, options: DiagnosticsOptions, self) =>
      run(self, (context) =>
        withDipper(context, async ({ caller, signal }) => {
          const { terminal, messages, options: global } = context;
          const { text } = await caller.call('diagnostics:read', { withNames: options.withNames === true }, signal);
          if (file === '-') {
            await terminal.write(text);
            return 0;
          }
          const path = resolve(file);
          await writeNew(path, text);
          if (global.json === true) {
            await terminal.write(`${JSON.stringify({ path, bytes: Buffer.byteLength(text) })}\n`);
          } else messages.note(`Written to ${path}. Read it before you send it to anybody.`);
          return 0;
        }),
      ),
    );
  describeVerb(command, {
    summary: 'write down what a report of a bug needs, without secrets',
    details:
      'Versions, settings, and the last requests and mistakes of a running Dipper, connections by number. No record is in it.',
    examples: ['dipper diagnostics diagnostics.json', 'dipper diagnostics - --with-names'],
    json: '{"path", "bytes"} of the file; with - the diagnostics, which are JSON',
  });
};

/** For its owner alone; never over a file that is there. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const reason = code === 'EEXIST' ? 'there is a file of this name' : code;
    throw new UsageError(`"${path}" cannot be written (${reason}). Name another.`);
  }
}
