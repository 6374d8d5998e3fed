import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { checkRepository, violationsOf } from './check.ts';

const MANIFEST = {
  imports: {
    '#lib/*': './lib/*',
    '#components/*': './components/*',
    '#app/*': './app/*',
    '#worker/*': './worker/*',
  },
  dependencies: { zod: '4', next: '16', '@azure/msal-node': '7' },
  devDependencies: { vitest: '5', '@types/pg': '8', 'csv-parse': '7' },
};

const rules = (file: string, source: string) =>
  violationsOf(file, source, MANIFEST).map(({ line, rule }) => `${line}: ${rule}`);

test.each([
  ['lib/core/ids.ts', "import { z } from 'zod';"],
  ['lib/core/ids.ts', "import { randomUUID } from 'node:crypto';"],
  ['lib/microsoft/entra/client.ts', "import { LogLevel } from '@azure/msal-node/lib/msal.ts';"],
  ['lib/db/database.ts', "import type { Pool } from '@types/pg';"],
  ['lib/domain/users/export.test.ts', "import { parse } from 'csv-parse/sync';"],
  ['lib/web/action.ts', "import { headers } from 'next/headers';"],
  ['lib/core/problem.ts', "import type { Result } from './result.ts';"],
  ['lib/domain/tenants/rename.ts', "import { transaction } from '#lib/db/database.ts';"],
  ['lib/domain/tenants/rename.ts', "import { record } from '../audit/record.ts';"],
  ['lib/db/token-cache.ts', "import type { TokenCache } from '#lib/microsoft/entra/token-cache.ts';"],
  ['components/sku-table.tsx', "import type { SkuUsage } from '#lib/domain/licensing/model.ts';"],
  ['app/(portal)/users/page.tsx', "import { listUsers } from '#lib/domain/users/queries.ts';"],
  ['app/layout.tsx', "import './globals.css';"],
  ['worker/main.ts', "import { runtime } from '#lib/runtime.ts';"],
  ['instrumentation.ts', "await import('./worker/inside.ts');"],
  ['instrumentation.ts', "if (process.env.NEXT_RUNTIME === 'nodejs') start();"],
  ['lib/config/env.ts', 'export const env = read(process.env);'],
  ['simulator/main.ts', 'const port = process.env.SIMULATOR_PORT;'],
  ['simulator/routes/users.test.ts', "import { startSimulator } from '../testing.ts';"],
  ['lib/microsoft/graph/users.test.ts', "import { startSimulator } from '../../../simulator/testing.ts';"],
  ['lib/domain/tenants/rename.db.test.ts', "import { startTestDatabase } from '#lib/db/testing.ts';"],
  ['e2e/licenses.spec.ts', "import { test } from './fixtures.ts';"],
])('%s may: %s', (file, source) => {
  expect(rules(file, source)).toEqual([]);
});

test.each([
  [
    'lib/core/ids.ts',
    "import { env } from '#lib/config/env.ts';",
    '1: core may not import config (#lib/config/env.ts)',
  ],
  [
    'lib/core/ids.ts',
    "import type { Env } from '../config/env.ts';",
    '1: core may not import config (../config/env.ts)',
  ],
  [
    'lib/microsoft/graph/users.ts',
    "export * from '#lib/db/database.ts';",
    '1: microsoft may not import db (#lib/db/database.ts)',
  ],
  [
    'lib/domain/tenants/rename.ts',
    "\nconst a = await import('#lib/web/action.ts');",
    '2: domain may not import web (#lib/web/action.ts)',
  ],
  [
    'lib/domain/tenants/rename.ts',
    "import { startTestDatabase } from '#lib/db/testing.ts';",
    '1: domain may not import test support (#lib/db/testing.ts)',
  ],
  [
    'lib/runtime.ts',
    "import { session } from './auth/session.ts';",
    '1: runtime may not import auth (./auth/session.ts)',
  ],
  [
    'app/(portal)/users/page.tsx',
    "import { prisma } from '#lib/db/database.ts';",
    '1: app may not import db (#lib/db/database.ts)',
  ],
  [
    'components/sku-table.tsx',
    "import { total } from '#lib/domain/licensing/model.ts';",
    '1: components may import from lib/domain/licensing/model.ts types only, by "import type"',
  ],
  [
    'components/sku-table.tsx',
    "import type { Row } from '#lib/domain/licensing/queries.ts';",
    '1: components may not import domain (#lib/domain/licensing/queries.ts)',
  ],
  [
    'simulator/routes/users.ts',
    "import { Guid } from '../../lib/core/ids.ts';",
    '1: simulator may not import core (../../lib/core/ids.ts)',
  ],
  [
    'lib/microsoft/graph/users.test.ts',
    "import { people } from '../../../simulator/state/people.ts';",
    '1: tests may not import simulator (../../../simulator/state/people.ts)',
  ],
  [
    'simulator/routes/users.test.ts',
    "import { Guid } from '#lib/core/ids.ts';",
    '1: simulator tests may not import core (#lib/core/ids.ts)',
  ],
  [
    'e2e/licenses.spec.ts',
    "import Page from '#app/layout.tsx';",
    '1: e2e may not import app (#app/layout.tsx)',
  ],
  [
    'lib/domain/tenants/rename.ts',
    'const port = process.env.PORT;',
    '1: domain may not read process.env.PORT: lib/config/env.ts does',
  ],
  [
    'worker/main.ts',
    'start({ ...process.env });',
    '1: worker may not read process.env: lib/config/env.ts does',
  ],
  [
    'lib/domain/users/export.ts',
    "import { parse } from 'csv-parse/sync';",
    '1: csv-parse is a package for development only',
  ],
  ['lib/domain/users/export.ts', "import pad from 'left-pad';", '1: left-pad is not in package.json'],
  [
    'lib/domain/users/export.ts',
    "import { headers } from 'next/headers';",
    '1: domain knows no framework (next/headers)',
  ],
  ['lib/new/thing.ts', '', '1: stands in no layer: see scripts/layers/table.ts'],
  [
    'lib/domain/tenants/rename.ts',
    "import { a } from '#lib/new/thing.ts';",
    '1: #lib/new/thing.ts stands in no layer',
  ],
])('%s may not: %s', (file, source, rule) => {
  expect(rules(file, source)).toEqual([rule]);
});

test('reads a whole repository but what others wrote or generated', () => {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  const write = (file: string, source: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), source);
  };
  const forbidden = "import '#lib/db/database.ts';\n";
  write('lib/core/a.ts', forbidden);
  write('components/ui/b.tsx', 'const a = `');
  write('lib/db/generated/client.ts', forbidden);
  write('node_modules/core/a.ts', forbidden);
  write('.next/server.js', forbidden);
  write('lib/core/readme.md', forbidden);
  expect(checkRepository(root, MANIFEST)).toEqual([
    { file: 'components/ui/b.tsx', line: 1, rule: 'cannot be read: line 1: a template that does not end' },
    { file: 'lib/core/a.ts', line: 1, rule: 'core may not import db (#lib/db/database.ts)' },
  ]);
  rmSync(root, { recursive: true });
});
