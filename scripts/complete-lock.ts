// node scripts/complete-lock.ts — after a package was added or updated: lists in package-lock.json the optional packages
// of other platforms that npm left out.

import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { entriesOfMissingPackages, LockFile } from './lock-file.ts';

const Json = z.record(z.string(), z.unknown());

const file = new URL('../package-lock.json', import.meta.url);
const content = Json.parse(JSON.parse(readFileSync(file, 'utf8')));
const missing = entriesOfMissingPackages(LockFile.parse(content));
const packages = Object.entries({ ...Json.parse(content.packages), ...missing });
// npm's own order, so that it leaves the file as it is.
packages.sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(file, `${JSON.stringify({ ...content, packages: Object.fromEntries(packages) }, null, 2)}\n`);
for (const path of Object.keys(missing)) console.log(`added ${path}`);
