// node scripts/check-layers.ts — who may import whom: the table of docs/architecture.md, as a check.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { checkRepository } from './layers/check.ts';

const root = resolve(import.meta.dirname, '..');
const Names = z.record(z.string(), z.string());
const Manifest = z.object({ imports: Names, dependencies: Names, devDependencies: Names });
const manifest = Manifest.parse(JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')));

const violations = checkRepository(root, manifest);
for (const { file, line, rule } of violations) console.error(`${file}:${line}  ${rule}`);
if (violations.length > 0) {
  console.error(`${violations.length} violations of the layers. The table is in scripts/layers/table.ts.`);
  process.exitCode = 1;
}
