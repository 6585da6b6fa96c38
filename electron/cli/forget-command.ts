import { createCaller } from '../ipc/caller.ts';
import { parseS3Url } from './s3-url.ts';
import { attach } from './session.ts';
import { describeVerb, URL_ARGUMENT, type AddVerb } from './verb.ts';

export const addForgetCommand: AddVerb = (program, run) => {
  const command = program
    .command('forget')
    .argument(...URL_ARGUMENT)
    .action((url: string, _: object, self) =>
      run(self, async (context) => {
        const { terminal, messages, options } = context;
        const { bucket, prefix } = parseS3Url(url);
        const attachment = await attach(context, 'command-line');
        const caller = createCaller(attachment.door);
        try {
          const forgotten = await caller.call('collections:forget-url', { bucket, prefix }, terminal.signal);
          const { indexes, bytes, kept } = forgotten;
          if (options.json === true) await terminal.write(`${JSON.stringify(forgotten)}\n`);
          else {
            const what = indexes === 1 ? '1 index' : `${indexes} indexes`;
            await terminal.write(
              indexes === 0
                ? 'Nothing was kept of it.\n'
                : `Forgotten: ${what}, ${bytes.toLocaleString('en')} bytes.\n`,
            );
            for (const name of kept) {
              messages.note(
                `${name} in the sidebar is the same place and stays. Forget it in the window, in its menu.`,
              );
            }
          }
          return 0;
        } finally {
          caller.close();
          await attachment.close();
        }
      }),
    );
  describeVerb(command, {
    summary: 'forget what this machine keeps of a prefix',
    details:
      'Removes the indexes that commands made of it, whatever server and codec they were given. Nothing in S3 changes, and no server is asked. Collections of the sidebar stay: the window forgets them.',
    examples: ['dipper forget s3://samples/movies/', 'dipper forget s3://samples/movies/ --json'],
    json: '{"indexes", "bytes", "kept"}, kept being the names of collections in the sidebar that are the same place',
  });
};
