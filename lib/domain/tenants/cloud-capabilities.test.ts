import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CLOUD_NAMES } from '#lib/config/clouds.ts';
import { CLOUD_CAPABILITIES, capabilitiesIn } from './cloud-capabilities.ts';

const WORD = { available: 'yes', missing: 'no', 'not-documented': 'not documented' };

test('the document for operators has the same table', () => {
  const page = readFileSync(new URL('../../../docs/operations/clouds.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  for (const { title, availability } of CLOUD_CAPABILITIES) {
    expect(rows).toContain(
      `| ${[title, ...CLOUD_NAMES.map((name) => WORD[availability[name]])].join(' | ')} |`,
    );
  }
});

test('in the global cloud there is nothing to say', () => {
  expect(capabilitiesIn('global', 'office365')).toEqual([]);
  expect(capabilitiesIn('global', 'azure')).toEqual([]);
});

test.each(['usgov', 'usgovdod', 'china'] as const)('the cloud %s has no usage reports', (cloud) => {
  const missing = capabilitiesIn(cloud, 'office365').filter(({ availability }) => availability === 'missing');
  expect(missing.map(({ title }) => title)).toEqual([
    'Usage reports (who works with which service)',
    'The setting that hides names in usage reports',
  ]);
  expect(capabilitiesIn(cloud, 'azure')).toEqual([]);
});
