// node scripts/write-error-pages.ts — writes docs/errors from the texts of the portal's help pages.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorDocuments } from '#lib/help/markdown.ts';

const folder = resolve(import.meta.dirname, '../docs/errors');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of errorDocuments()) writeFileSync(join(folder, name), text);
