import { expect, test } from 'vitest';
import { isUnreadableRequest } from './unreadable-request.ts';

function call(args: string, headers: Record<string, string> = { 'next-action': 'id' }): Request {
  const body = new FormData();
  body.append('_1_name', 'Contoso');
  body.append('0', args);
  return new Request('http://localhost:3000/x', { method: 'POST', headers, body });
}

test.each([
  '["$K1"]',
  '[{},"$K1"]',
  '["$undefined","$NaN","$-0","$D2026-11-21T10:00:00.000Z"]',
  '[{"values":{"name":"$$5 off"},"done":true},"$K1"]',
  // What occurs twice is written once.
  '[{"problem":{"fields":{"name":"Enter a name."}},"fields":"$0:0:problem:fields"},"$K1"]',
])('%s is what our forms send', async (args) => {
  expect(await isUnreadableRequest(call(args))).toBe(false);
});

test.each([
  '',
  '[',
  'null',
  '{}',
  '"$K1"',
  '["$F1"]',
  '["$@1"]',
  '["$1:__proto__:x"]',
  '[{},"$0:0:constructor"]',
  '["$0:x"]',
  '["$Q1"]',
  '["$D2026-99-99"]',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
])('%s is not', async (args) => {
  expect(await isUnreadableRequest(call(args))).toBe(true);
});

test('the arguments may be the body itself, in no other type', async () => {
  const send = (type: string) =>
    new Request('http://localhost:3000/x', {
      method: 'POST',
      headers: { 'next-action': 'id', 'content-type': type },
      body: '[]',
    });
  expect(await isUnreadableRequest(send('text/plain;charset=UTF-8'))).toBe(false);
  for (const type of ['application/json', 'multipart/form-data', 'multipart/form-data; boundary=b', 'x'])
    expect(await isUnreadableRequest(send(type))).toBe(true);
});

test('a form that is none is refused wherever it is sent', async () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const broken = new Request('http://localhost:3000/x', {
    method: 'POST',
    headers,
    body: '--b\r\n\r\n--b--',
  });
  expect(await isUnreadableRequest(broken)).toBe(true);
});

test('what calls no action may say anything', async () => {
  expect(await isUnreadableRequest(call('[', {}))).toBe(false);
  expect(
    await isUnreadableRequest(new Request('http://localhost:3000/', { headers: { 'next-action': 'x' } })),
  ).toBe(false);
});

test.each([
  ['/users/%c0%af', true],
  ['/users/%', true],
  ['/users/%E0%A4%A', true],
  ['/users/%00', false],
  ['/users/Zo%C3%AB?q=%c0%af', false],
])('the path %s is no text: %s', async (path, expected) => {
  expect(await isUnreadableRequest(new Request(`http://localhost:3000${path}`))).toBe(expected);
});
