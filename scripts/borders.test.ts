import { readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { RUNS_MIN } from '#lib/core/testing.ts';
import { codeFiles, layerOf } from './layers/check.ts';
import { type Import, scan } from './layers/scan.ts';
import { tokenize } from './layers/tokens.ts';

/*
 * Where input comes in, a schema reads it, and each schema has a property test that gives it hostile input. So a module
 * that makes schemas is imported by a property test, which names all that it exports, or it stands here with the reason.
 */
const WITHOUT: Readonly<Record<string, string>> = {
  'app/(portal)/setup/cloud-tenants/[id]/imports/actions.ts':
    'made of ids; e2e/hostile.spec.ts calls the actions',
  'app/(portal)/setup/cloud-tenants/[id]/receipts/[flowId]/export/route.ts':
    'made of ids; e2e/hostile.spec.ts asks the route',
  'lib/domain/delegation/receipts.ts': 'rows of its own statements',
  'lib/domain/consent/queries.ts': 'rows of its own statements, made of schemas of the models',
  'app/(portal)/setup/cloud-tenants/[id]/imports/export/route.ts':
    'made of ids; e2e/hostile.spec.ts asks the route',
  'app/(portal)/setup/cloud-tenants/[id]/imports/[runId]/certificate/route.ts':
    'made of ids; e2e/hostile.spec.ts asks the route',
  'lib/domain/imports/days.ts': 'rows of its own statement, made of schemas of the model',
  'lib/domain/imports/provenance.ts': 'rows of its own statement, made of schemas of the models',
  'lib/domain/notices/imports.ts': 'rows of its own statement, made of schemas of the models',
  'lib/domain/history/licences-on.ts': 'rows of its own statement, made of schemas of the models',
  'lib/domain/imports/phases/users/scope.ts': 'rows of its own statement',
  'lib/domain/imports/lease.ts': 'rows of its own statements, made of schemas of the model',
  'lib/domain/imports/queries.ts': 'rows of its own statements, made of schemas of the model',
  'lib/domain/lifecycle/queries.ts': 'a column that only the erasure counts in',
  'lib/domain/licensing/sources.ts': 'rows of its own statement, made of schemas of the models',
  'lib/domain/people/queries.ts': 'rows of its own statement, made of schemas of the models',
  'lib/domain/tenants/queries.ts': 'rows of its own statements',
  'lib/domain/users/get.ts':
    'columns that only the import writes, and the database test of hostile users reads back',
  'lib/domain/licensing/product-names/product-names.ts': 'files of this repository, which its own test reads',
};
const INPUTS_MIN = 10_000;

const root = resolve(import.meta.dirname, '..');
const source = (file: string): string => readFileSync(join(root, file), 'utf8');
const files = codeFiles(root);
const importsOf = (file: string): readonly Import[] => scan(source(file)).imports;

/** The file of ours that an import names. */
const target = (from: string, { specifier }: Import): string =>
  specifier.startsWith('.')
    ? posix.join(posix.dirname(from), specifier)
    : specifier.replace(/^#(?=(app|lib|components|worker)\/)/, '');

const propertyTests = files.filter((file) => /\.property\.(db\.)?test\.ts$/.test(file));
const isSupport = (file: string) => ['tests', 'test support'].includes(layerOf(file) ?? '');
const borders = files.filter(
  (file) =>
    /^(app|lib|components|worker)\//.test(file) &&
    !isSupport(file) &&
    importsOf(file).some(({ specifier, isTypeOnly }) => specifier === 'zod' && !isTypeOnly),
);

/** What the property tests import; in Microsoft's layer also what that imports: answers are read by the calls. */
function importedByTests(): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string) => {
    for (const each of importsOf(file)) {
      const imported = target(file, each);
      if (each.isTypeOnly || found.has(imported)) continue;
      found.add(imported);
      if (imported.startsWith('lib/microsoft/')) visit(imported);
    }
  };
  for (const file of propertyTests) visit(file);
  return found;
}

/** The schemas that a module exports: constants whose names begin like those of types. */
const exportedSchemas = (file: string): string[] =>
  [...source(file).matchAll(/^export const ([A-Z][a-z]\w*)\b/gm)].map(([, name = '']) => name);

const wordsOf = (file: string) => tokenize(source(file)).filter(({ kind }) => kind === 'word');

test('each module with schemas has a property test, or a reason to have none', () => {
  const imported = importedByTests();
  expect(borders.length).toBeGreaterThan(20);
  expect(borders.filter((file) => !imported.has(file) && !(file in WITHOUT))).toEqual([]);
  expect(Object.keys(WITHOUT).filter((file) => !borders.includes(file) || imported.has(file))).toEqual([]);
});

test('each schema that such a module exports occurs in a property test', () => {
  const words = new Set(propertyTests.flatMap(wordsOf).map(({ text }) => text));
  const missing = borders
    .filter((file) => !(file in WITHOUT) && /^(app|lib\/(auth|config|domain|web))\//.test(file))
    .flatMap((file) => exportedSchemas(file).map((name) => `${name} of ${file}`))
    .filter((name) => !words.has(name.split(' ')[0] ?? ''));
  expect(missing).toEqual([]);
});

test('all property tests together try 10,000 inputs and more', () => {
  const properties = propertyTests
    .flatMap((file) => tokenize(source(file)))
    .filter(
      ({ text }, index, tokens) => (text === 'forAll' || text === 'calls') && tokens[index + 1]?.text === '(',
    );
  expect(properties.length * RUNS_MIN).toBeGreaterThan(INPUTS_MIN);
});
