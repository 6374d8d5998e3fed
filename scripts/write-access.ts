// node scripts/write-access.ts — writes docs/access.md from scripts/access/table.ts.

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { accessDocument, DOCUMENT } from './access/document.ts';
import { TABLE } from './access/table.ts';

writeFileSync(join(resolve(import.meta.dirname, '..'), DOCUMENT), accessDocument(TABLE));
