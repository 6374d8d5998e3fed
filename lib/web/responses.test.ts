import { expect, test } from 'vitest';
import {
  csvResponse,
  jsonResponse,
  problemResponse,
  signedOutResponse,
  unexpectedResponse,
} from './responses.ts';

test('a file is written at the pace of its reader, and leaving early ends it', async () => {
  let made = 0;
  let ended = false;
  async function* lines() {
    try {
      for (;;) yield `line ${made++}\r\n`;
    } finally {
      ended = true;
    }
  }
  const reader = csvResponse('users.csv', lines()).body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toBe('line 0\r\n');
  expect(made).toBeLessThan(5);
  await reader?.cancel();
  expect(ended).toBe(true);
});

test('a failure in the middle breaks the file off', async () => {
  async function* lines() {
    yield 'a\r\n';
    throw new Error('the database is gone');
  }
  await expect(csvResponse('users.csv', lines()).text()).rejects.toThrow('the database is gone');
});

test('a file is UTF-8, never kept, and its name cannot end the header', async () => {
  async function* lines() {
    yield 'Zoë,🏢\r\n';
  }
  const response = csvResponse('Zoë "users"\r\nx: y.csv', lines());
  expect(await response.text()).toBe('Zoë,🏢\r\n');
  expect(Object.fromEntries(response.headers)).toEqual({
    'cache-control': 'no-store',
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="Zo-users-x-y.csv"',
  });
});

test('a Problem has the status of its policy and says in words what to do', async () => {
  const response = problemResponse({ code: 'throttled', retryAfterSeconds: 7 });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('7');
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({
    type: 'about:blank',
    status: 503,
    code: 'throttled',
    title: expect.any(String),
    detail: expect.any(String),
  });
});

test('what is missing and what is foreign look the same', async () => {
  const problem = { code: 'not-found', entity: 'tenant' } as const;
  const [missing, foreign] = [problemResponse(problem), problemResponse(problem)];
  expect(missing.status).toBe(404);
  expect(await missing.text()).toBe(await foreign.text());
});

test('nothing about a member is kept on the way', async () => {
  for (const response of [jsonResponse({ a: 1 }), signedOutResponse(), unexpectedResponse('request-1')]) {
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
  expect(signedOutResponse().status).toBe(401);
  expect(await unexpectedResponse('request-1').json()).toMatchObject({
    code: 'unexpected',
    requestId: 'request-1',
  });
});
