// node scripts/complete-lock.ts — after a package was added or updated: lists in package-lock.json the optional packages
// of other platforms that npm left out.

import { readFileSync, writeFileSync } from 'node:fs';
import { completeLockFile, LockFile, missingOptionalPackages } from './lock-file.ts';

const file = new URL('../package-lock.json', import.meta.url);
const lock = LockFile.parse(JSON.parse(readFileSync(file, 'utf8')));
const missing = missingOptionalPackages(lock);
if (missing.length > 0) writeFileSync(file, `${JSON.stringify(completeLockFile(lock), null, 2)}\n`);
for (const { name, version } of missing) console.log(`added ${name} ${version}`);
