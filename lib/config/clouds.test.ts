import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** What a production installation runs. */
const SOURCE = [
  'app',
  'components',
  'lib',
  'worker',
  'proxy.ts',
  'instrumentation.ts',
  'instrumentation-node.ts',
];
const IS_CODE = /\.(?:ts|tsx|js|mjs)$/;
const IS_OF_TESTS = /\.test\.tsx?$|(?:^|\/)(?:testing|test-[^/]*)\.tsx?$|\/(?:fixtures|generated)\//;
const IS_COMMENT = /^\s*(?:\/\/|\/?\*)/;
const MICROSOFT_HOST =
  /(?:[\w-]+\.)*(?:microsoftonline|onmicrosoft|onmschina|microsoft|azure|windows|chinacloudapi|usgovcloudapi|office|office365|sharepoint|live)\.(?:com|us|cn|net)\b|\baka\.ms\b/gi;
/** Microsoft's documentation, which no request of ours goes to. */
const DOCUMENTATION = 'learn.microsoft.com';

function filesOf(path: string): string[] {
  if (IS_CODE.test(path)) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
}

/** The hosts that a text names outside of comments. */
const hostsIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !IS_COMMENT.test(line))
    .flatMap((line) => line.match(MICROSOFT_HOST) ?? [])
    .filter((host) => host !== DOCUMENTATION);

test('no other file names a host of Microsoft’s', () => {
  const files = SOURCE.flatMap(filesOf).filter((file) => IS_CODE.test(file) && !IS_OF_TESTS.test(file));
  expect(files).toContain('lib/config/clouds.ts');
  const naming = files.filter((file) => hostsIn(readFileSync(join(ROOT, file), 'utf8')).length > 0);
  expect(naming).toEqual(['lib/config/clouds.ts']);
});

test.each([
  ['`https://login.microsoftonline.us/` + tenant', ['login.microsoftonline.us']],
  ['<a href="https://portal.azure.cn">', ['portal.azure.cn']],
  ["  'management.core.windows.net',", ['management.core.windows.net']],
  ['name + ".onmicrosoft.com"', ['onmicrosoft.com']],
  [' * @see https://learn.microsoft.com/graph and https://graph.microsoft.com', []],
  ["'https://learn.microsoft.com/graph'", []],
  ["'Microsoft.Authorization/roleAssignments/write'", []],
])('%s names %j', (line, hosts) => {
  expect(hostsIn(line)).toEqual(hosts);
});
