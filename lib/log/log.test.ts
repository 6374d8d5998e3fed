import { expect, test } from 'vitest';
import { createLog, type Log } from './log.ts';
import { SECRET_KEYS } from './redact.ts';
import { REDACTED } from './secret-texts.ts';

function captured(use: (log: Log) => void): string {
  const lines: string[] = [];
  use(createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } }));
  return lines.join('');
}

const spellings = (key: string) => [
  key,
  key.toUpperCase(),
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
];

test.each(SECRET_KEYS.flatMap(spellings))('the value of %s is never written', (key) => {
  const line = captured((log) => {
    log.info('sign-in', { [key]: 'hunter2', nested: [{ deeper: { [key]: 'hunter2' } }] });
    log
      .child({ [key]: 'hunter2' })
      .warn('child', { error: Object.assign(new Error('no'), { [key]: 'hunter2' }) });
  });
  expect(line).not.toContain('hunter2');
  expect(line).toContain(REDACTED);
});

test.each([
  [
    'a JSON Web Token',
    'token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJl refused',
    'c2lnbmF0dXJl',
  ],
  ['a bearer header', 'sent Bearer hunter2hunter2', 'hunter2'],
  ['the password of a URL', 'cannot reach postgresql://portal:hunter2@db:5432/portal', 'hunter2'],
  ['a redirect', 'GET /api/consent/callback?code=hunter2&state=hunter2', 'hunter2'],
])('%s inside a text is never written', (_name, text, secret) => {
  const line = captured((log) => {
    log.error(text, { text, error: new Error(text, { cause: new Error(text) }) });
  });
  expect(line).not.toContain(secret);
});

test('a line is JSON with level, time, message and fields', () => {
  const line = captured((log) =>
    log.child({ job: 'import' }).info('page written', { users: 999, code: 'throttled' }),
  );
  expect(JSON.parse(line)).toMatchObject({
    msg: 'page written',
    job: 'import',
    users: 999,
    code: 'throttled',
  });
  expect(Date.parse(JSON.parse(line).time)).not.toBeNaN();
});

test('the rows that the database quotes in its errors are not written', () => {
  const refused = Object.assign(new Error('null value in column "id" violates not-null constraint'), {
    code: '23502',
    table: 'directory_user',
    detail: 'Failing row contains (null, Uma User, uma.user@contoso.com).',
    where: 'JSON data, line 1: [{"display_name":"Uma User"',
  });
  const line = captured((log) => log.error('failed', { error: new Error('outer', { cause: refused }) }));
  expect(line).not.toMatch(/uma/i);
  expect(line).toContain('23502');
  expect(line).toContain('directory_user');
});

test('an error is written with its message, stack and cause', () => {
  const line = captured((log) =>
    log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) }),
  );
  const { error } = JSON.parse(line);
  expect(error).toMatchObject({ name: 'Error', message: 'outer', cause: { message: 'inner' } });
  expect(error.stack).toContain('log.test.ts');
});

test('an object that contains itself is written', () => {
  const knot: Record<string, unknown> = { name: 'knot' };
  knot.self = knot;
  expect(captured((log) => log.info('cycle', { knot }))).toContain('too deep');
});

test('lines below the level are left out', () => {
  const lines: string[] = [];
  createLog({ level: 'warn', destination: { write: (line) => lines.push(line) } }).info('quiet');
  expect(lines).toEqual([]);
});
