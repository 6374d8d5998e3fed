import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MAY_IMPORT } from './table.ts';

test('docs/architecture.md has the table as it is', () => {
  const document = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
  const section = document.split('## Who may import whom')[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| ([a-z]+(?: configuration)?) \| (.+) \|$/gm)].slice(1);
  const documented = Object.fromEntries(rows.map(([, layer = '', may]) => [layer, may]));
  const actual = Object.entries(MAY_IMPORT)
    .filter(([layer]) => !/test|e2e/.test(layer))
    .map(([layer, may]) => [layer, may.join(', ') || 'nothing']);
  expect(documented).toEqual(Object.fromEntries(actual));
});
