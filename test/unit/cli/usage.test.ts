import { describe, expect, test } from 'vitest';
import { nearest } from '../../../shared/nearest.ts';
import { runHere } from './run-here.ts';

const MOVIES = 's3://records/movies/';

describe('a wrong command line says how it is written', () => {
  test.each([
    [['frob'], 'There is no verb "frob". "dipper help" lists them.'],
    [['qurey', MOVIES, '--limit', '3'], 'There is no verb "qurey". Did you mean query? "dipper help" lists them.'],
    [['--codec', 'plain', 'cuont', MOVIES], 'There is no verb "cuont". Did you mean count? "dipper help" lists them.'],
    [['help', 'cuont'], 'There is no verb "cuont". Did you mean count? "dipper help" lists them.'],
    [['--frob'], 'dipper has no option "--frob". "dipper help" lists them.'],
    [['query', MOVIES, '--frob'], 'dipper query has no option "--frob". "dipper help query" lists them.'],
    [
      ['query', MOVIES, '--frmat=json'],
      'dipper query has no option "--frmat=json". Did you mean --format? "dipper help query" lists them.',
    ],
    [['query', MOVIES, '--sort'], '--sort <fields> needs its value: such as rating,-title.'],
    [['query', MOVIES, '--format'], '--format <format> needs its value: table, json, ndjson or csv.'],
    [['query', MOVIES, '--format', 'cvs'], '--format takes table, json, ndjson or csv, not "cvs". Did you mean csv?'],
    [['query', MOVIES, '--codec', 'xml'], '--codec takes dataknobs or plain, not "xml".'],
    [
      ['completion', 'bsh'],
      'dipper completion <shell> takes bash, zsh, fish or powershell, not "bsh". Did you mean bash?',
    ],
    [
      ['get', MOVIES],
      'dipper get needs <id>: id of the record, or its key below the prefix.\nFor example: dipper get s3://samples/movies/ movie-0001 --connection Sandbox',
    ],
    [
      ['count', MOVIES, 'a', 'b'],
      'dipper count takes one argument, not 3. What has blanks in it needs quotes.\nFor example: dipper count s3://samples/movies/ --connection Sandbox',
    ],
    [['get', MOVIES, ''], 'The id is empty. "dipper query" shows the ids of the records.'],
    [['delete', MOVIES, 'a', ''], 'The id is empty. "dipper query" shows the ids of the records.'],
    [['query', 'records/movies'], '"records/movies" is no address of records. Write it like s3://bucket/prefix/.'],
    [['query', MOVIES, '--limit', '-1'], '--limit takes a whole number from 0, not "-1".'],
    [
      ['query', MOVIES, '--limit', '99999999999999999999'],
      '--limit takes a whole number up to 9007199254740991; 99999999999999999999 is above that.',
    ],
    [
      ['query', MOVIES, '--query', '/no/such/file'],
      'The query file "/no/such/file" cannot be read (ENOENT). Name one that is there, or - for standard input.',
    ],
    [
      ['count', MOVIES, '--no-index', '--query', '-'],
      '--no-index counts keys, and keys cannot be asked. Leave out --query and --where, or --no-index.',
    ],
    [
      ['set', MOVIES, '1', 'title=Casablanca'],
      `The value of "title" is no JSON (column 1): "Casablanca" is no JSON value. Text needs its quotes: title='"Casablanca"'.`,
    ],
    [['set', MOVIES, '1', 'a=1', 'a=2'], '"a" is given twice.'],
    [['delete', MOVIES], 'Nothing is named to be deleted: give ids, --where or --query.'],
    [['delete', MOVIES, 'a', '--query', '-'], 'Ids exclude --query and --where. Leave one out.'],
    [['update', MOVIES, '--set', 'a=1'], 'Which records? Give --where, --query or --key.'],
    [['query', MOVIES, '--query', '-', '--where', 'a = 1'], '--query and --where exclude each other. Leave one out.'],
    [
      ['query', MOVIES, '--where', 'größe > 1 and\n年 = Drama'],
      '--where, column 19: A text is written in double quotes: "Drama".\n  年 = Drama\n       ^',
    ],
    [
      ['update', MOVIES, '--query', '-'],
      'Nothing is to be changed: give --set, --remove, --rename, --convert, a patch or --content-type.',
    ],
    [['update', MOVIES, '--query', '-', '--set', 'a=1', '--remove', 'a'], '"a" is given twice.'],
    [['jobs', 'pause'], 'dipper jobs pause needs the id of a job. "dipper jobs" lists them.'],
    [
      ['jobs', 'stop', 'x'],
      'dipper jobs <action> takes list, report, pause, resume, cancel, undo, retry or remove, not "stop".',
    ],
    [['serve', '--port', '70000'], '--port takes a number up to 65535, not 70000.'],
    [['sandbox', '--memory', '--directory', 'x'], '--directory and --memory exclude each other. Leave one out.'],
    [['sandbox', '--access-key', 'mine'], '--access-key and --secret-key belong together. Give both.'],
    [['call'], 'dipper call needs a channel. "dipper call --list" lists them.'],
    [
      ['call', 'collections:list', '{"a":'],
      'The arguments are no JSON (line 1, column 6): The text ends too early: the value of "a" is missing. Write them like {"connection": "sandbox"}.',
    ],
    [
      ['call', 'connections:test', '{"draft": {}, "secret": {"secretAccessKey": "planted"}}'],
      'Others on this machine can read a command line, and there is a secret in it. Give the arguments with - or @file.',
    ],
  ])('%j', async (args, message) => {
    expect(await runHere(args)).toEqual({ code: 2, stdout: '', stderr: `dipper: ${message}\n` });
  });

  test('also as JSON', async () => {
    const { code, stderr } = await runHere(['query', MOVIES, '--frob', '--json']);
    expect([code, JSON.parse(stderr)]).toEqual([
      2,
      {
        error: {
          code: 'invalid-arguments',
          message: 'dipper query has no option "--frob". "dipper help query" lists them.',
          retryable: false,
        },
      },
    ]);
  });
});

test('a guess is made where a third of the letters or fewer are wrong', () => {
  const verbs = ['query', 'count', 'get', 'put', 'set', 'delete', 'serve', 'sandbox'];
  expect(
    ['qurey', 'counts', 'gte', 'sandbxo', 'SERVE', 'dlete', 'frob', 'x', ''].map((given) => nearest(given, verbs)),
  ).toEqual(['query', 'count', 'get', 'sandbox', 'serve', 'delete', null, null, null]);
});
