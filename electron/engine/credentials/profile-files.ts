import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ProfileFilePaths } from '../../../shared/aws-profile.ts';
import { fileErrorCode } from '../../../shared/file-failure.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Settings by name; those below another one (`s3 =`) by both, with a dot between. */
export type Section = ReadonlyMap<string, string>;

/** What the two files say, as they are now. Sections of one name are one. */
export interface ProfileFiles {
  readonly paths: ProfileFilePaths;
  /** What the file of credentials says counts where both name the same setting. */
  readonly profiles: ReadonlyMap<string, Section>;
  readonly sessions: ReadonlyMap<string, Section>;
  readonly services: ReadonlyMap<string, Section>;
  /** Sentences about files that are there and cannot be read. */
  readonly problems: readonly string[];
}

/** Where Amazon's own tools look: AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, else the folder `.aws`. */
export function profileFilePaths(environment: Variables): ProfileFilePaths {
  return {
    config: pathOf(environment['AWS_CONFIG_FILE'] || '~/.aws/config', environment),
    credentials: pathOf(environment['AWS_SHARED_CREDENTIALS_FILE'] || '~/.aws/credentials', environment),
  };
}

export function homeOf(environment: Variables): string {
  return environment['HOME'] || environment['USERPROFILE'] || homedir();
}

/** `~` is the home folder, as in those tools. */
export function pathOf(path: string, environment: Variables): string {
  return resolve(path === '~' || /^~[\\/]/.test(path) ? join(homeOf(environment), path.slice(1)) : path);
}

/**
 * Reads both files anew: they are short, and another program may have written them. A reader of our own, because the one of
 * Amazon's SDK says nothing of a file that it cannot read, and takes its paths from the variables of this process alone.
 */
export async function readProfileFiles(environment: Variables): Promise<ProfileFiles> {
  const paths = profileFilePaths(environment);
  const problems: string[] = [];
  const [config, credentials] = await Promise.all([
    readSections(paths.config, problems),
    readSections(paths.credentials, problems),
  ]);
  const profiles = new Map<string, Map<string, string>>();
  const sessions = new Map<string, Section>();
  const services = new Map<string, Section>();
  for (const [title, section] of config) {
    const { kind, name } = titleOf(title);
    if (kind === 'sso-session') sessions.set(name, section);
    else if (kind === 'services') services.set(name, section);
    else if (kind === 'profile' || title === 'default') merge(profiles, name, section);
  }
  for (const [title, section] of credentials) merge(profiles, title, section);
  return { paths, profiles, sessions, services, problems };
}

const LARGEST_FILE = 4 * 1024 * 1024;

async function readSections(path: string, problems: string[]): Promise<ReadonlyMap<string, Section>> {
  try {
    const bytes = await readFile(path);
    if (bytes.byteLength > LARGEST_FILE) {
      problems.push(`${path} is larger than 4 MiB and was not read.`);
      return new Map();
    }
    return parseSections(bytes.toString('utf8'));
  } catch (error) {
    const code = fileErrorCode(error);
    if (code !== 'ENOENT')
      problems.push(`${path} cannot be read (${code ?? String(error)}): its profiles are missing.`);
    return new Map();
  }
}

/** The format of Amazon's tools: an INI file whose settings may have indented ones below them. */
export function parseSections(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | null = null;
  let above: string | null = null;
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    // A sign for a comment counts at the beginning and after a blank: values such as addresses may hold one.
    const line = raw.replace(/(^|\s)[#;].*$/, '').trimEnd();
    if (line.trim() === '') continue;
    const title = /^\s*\[(.*)\]$/.exec(line)?.[1]?.trim();
    if (title !== undefined) {
      const known = sections.get(title);
      section = known ?? new Map<string, string>();
      sections.set(title, section);
      above = null;
      continue;
    }
    const at = line.indexOf('=');
    if (section === null || at <= 0) continue;
    const name = line.slice(0, at).trim();
    const value = line.slice(at + 1).trim();
    const isBelow = above !== null && /^\s/.test(line);
    if (!isBelow) above = value === '' ? name : null;
    if (value !== '') section.set(isBelow ? `${above ?? ''}.${name}` : name, value);
  }
  return sections;
}

function titleOf(title: string): { readonly kind: string; readonly name: string } {
  const [, kind = '', quoted = ''] = /^(\S+)\s+(.+)$/.exec(title) ?? [];
  return { kind, name: kind === '' ? title : quoted.replace(/^(["'])(.*)\1$/, '$2') };
}

function merge(profiles: Map<string, Map<string, string>>, name: string, section: Section): void {
  const known = profiles.get(name) ?? new Map<string, string>();
  for (const [setting, value] of section) known.set(setting, value);
  profiles.set(name, known);
}
