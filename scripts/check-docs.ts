// node scripts/check-docs.ts — the documents name only what is there; every dependency and every route has its line.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { tableComplaints } from './access/complaints.ts';
import { discover } from './access/discover.ts';
import { accessDocument, DOCUMENT } from './access/document.ts';
import { TABLE } from './access/table.ts';
import { unknownCommands } from './docs/commands.ts';
import { dependencyDifferences } from './docs/dependencies.ts';
import { brokenReferences, documents } from './docs/references.ts';

const DEPENDENCIES = 'docs/dependencies.md';
const root = resolve(import.meta.dirname, '..');
const Names = z.record(z.string(), z.string());
const Manifest = z.object({ scripts: Names, dependencies: Names, devDependencies: Names });
const manifest = Manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const packages = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];

const complaints = [
  ...documents(root)
    .flatMap((file) => [
      ...brokenReferences(root, file),
      ...unknownCommands(file, readFileSync(join(root, file), 'utf8'), Object.keys(manifest.scripts)),
    ])
    .map(({ file, line, reference }) => `${file}:${line}  ${reference} does not exist`),
  ...dependencyDifferences(readFileSync(join(root, DEPENDENCIES), 'utf8'), packages).map(
    (difference) => `${DEPENDENCIES}:1  ${difference}`,
  ),
  ...tableComplaints(TABLE, discover(root)),
  ...(readFileSync(join(root, DOCUMENT), 'utf8') === accessDocument(TABLE)
    ? []
    : [`${DOCUMENT}:1  differs from scripts/access/table.ts. Run: node scripts/write-access.ts`]),
];
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
