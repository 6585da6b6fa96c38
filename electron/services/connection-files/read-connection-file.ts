import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { LONGEST_CONNECTION_FILE, type ConnectionFile } from '../../../shared/connection-file.ts';
import { AppFailure } from '../../../shared/result.ts';
import { localFileFailure } from '../../engine/local-file-failure.ts';
import type { GivenFiles } from '../given-files.ts';
import { isExport, readExport } from './exported-connections.ts';
import type { FoundInFile } from './found-connections.ts';
import { parseText } from './parse-text.ts';
import { readConfiguration } from './read-configuration.ts';
import type { Variables } from './variables.ts';

/** Throws `invalid-arguments`, or why the file cannot be read. */
export async function readConnectionFile(
  file: ConnectionFile,
  givenFiles: Pick<GivenFiles, 'pathOf'>,
  variables: Variables,
): Promise<FoundInFile> {
  const { text, name } =
    'text' in file.source ? { ...file.source, name: 'The text' } : await textOf(givenFiles, file.source.handle);
  const content = await parseText(text, name);
  return isExport(content) ? readExport(content, name) : readConfiguration(content, name, variables, file);
}

async function textOf(
  givenFiles: Pick<GivenFiles, 'pathOf'>,
  handle: string,
): Promise<{ readonly text: string; readonly name: string }> {
  const path = givenFiles.pathOf(handle);
  const name = basename(path);
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw new AppFailure('invalid-arguments', `${name} is a folder. Choose the file in it.`);
    if (facts.size > LONGEST_CONNECTION_FILE) {
      throw new AppFailure('invalid-arguments', `${name} is larger than 1 MB, which no list of connections is.`);
    }
    return { text: await readFile(path, 'utf8'), name };
  } catch (cause) {
    if (cause instanceof AppFailure) throw cause;
    throw localFileFailure(path, 'read', cause);
  }
}
