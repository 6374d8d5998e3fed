import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { type EnvironmentRead, type Import, scan } from './scan.ts';
import {
  ENVIRONMENT_OF_THE_FRAMEWORK,
  FRAMEWORK_PACKAGES,
  type Layer,
  MAY_IMPORT,
  MAY_IMPORT_TYPES,
  MAY_READ_ENVIRONMENT,
  MAY_USE_DEVELOPMENT_PACKAGES,
  MAY_USE_FRAMEWORK,
  PLACES,
} from './table.ts';

/** What package.json says that matters here. */
export type Manifest = {
  /** Such as `{ '#lib/*': './lib/*' }`. */
  readonly imports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

export type Violation = { readonly file: string; readonly line: number; readonly rule: string };

/** The layer of a file by its path in the repository, or undefined when the table does not know the place. */
export const layerOf = (file: string): Layer | undefined => PLACES.find(([place]) => place.test(file))?.[1];

/** What a file does that its layer may not: imports of other layers and of packages, reads of the environment. */
export function violationsOf(file: string, source: string, manifest: Manifest): Violation[] {
  const layer = layerOf(file);
  if (!layer) return [{ file, line: 1, rule: 'stands in no layer: see scripts/layers/table.ts' }];
  const { imports, environmentReads } = scan(source);
  return [
    ...imports.map((found) => ({ found, rule: brokenByImport(file, layer, found, manifest) })),
    ...environmentReads.map((found) => ({ found, rule: brokenByRead(layer, found) })),
  ].flatMap(({ found, rule }) => (rule ? [{ file, line: found.line, rule }] : []));
}

function brokenByImport(file: string, layer: Layer, found: Import, manifest: Manifest): string | undefined {
  const { specifier, isTypeOnly } = found;
  const target = resolve(file, specifier, manifest.imports);
  if (target === undefined) return brokenByPackage(layer, found, manifest);
  const targetLayer = layerOf(target);
  if (!targetLayer) return `${specifier} stands in no layer`;
  if (targetLayer === layer || MAY_IMPORT[layer].includes(targetLayer)) return undefined;
  const isTypePlace = MAY_IMPORT_TYPES[layer]?.test(target) ?? false;
  if (isTypePlace && isTypeOnly) return undefined;
  return isTypePlace
    ? `${layer} may import from ${target} types only, by "import type"`
    : `${layer} may not import ${targetLayer} (${specifier})`;
}

function brokenByPackage(
  layer: Layer,
  { specifier, isTypeOnly }: Import,
  { dependencies, devDependencies }: Manifest,
): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (FRAMEWORK_PACKAGES.has(name) && !MAY_USE_FRAMEWORK.has(layer)) {
    return `${layer} knows no framework (${specifier})`;
  }
  if (name in dependencies) return undefined;
  if (!(name in devDependencies)) return `${name} is not in package.json`;
  const isFine = isTypeOnly || MAY_USE_DEVELOPMENT_PACKAGES.has(layer);
  return isFine ? undefined : `${name} is a package for development only`;
}

function brokenByRead(layer: Layer, { name }: EnvironmentRead): string | undefined {
  if (MAY_READ_ENVIRONMENT.has(layer) || (name && ENVIRONMENT_OF_THE_FRAMEWORK.has(name))) return undefined;
  return `${layer} may not read process.env${name ? `.${name}` : ''}: lib/config/env.ts does`;
}

/** The path in the repository that a specifier names, or undefined for a package or one of Node's modules. */
function resolve(
  file: string,
  specifier: string,
  aliases: Readonly<Record<string, string>>,
): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  for (const [alias, target] of Object.entries(aliases)) {
    const prefix = alias.replace('*', '');
    if (specifier.startsWith(prefix)) return posix.join(target.replace('*', specifier.slice(prefix.length)));
  }
  return undefined;
}

const CODE = /\.(ts|tsx|js|mjs)$/;
const NOT_OURS = new Set(['node_modules', 'generated', 'public', 'test-results', 'playwright-report']);

/** The files of the repository that are written by people and run by Node or a browser. */
export function codeFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.name.startsWith('.') || NOT_OURS.has(entry.name) || path === 'next-env.d.ts') return [];
    if (entry.isDirectory()) return codeFiles(root, path);
    return CODE.test(entry.name) ? [path] : [];
  });
}

/** Every violation in the repository. A file that cannot be read as code counts as one. */
export function checkRepository(root: string, manifest: Manifest): Violation[] {
  return codeFiles(root).flatMap((file) => {
    try {
      return violationsOf(file, readFileSync(join(root, file), 'utf8'), manifest);
    } catch (error) {
      return [{ file, line: 1, rule: `cannot be read: ${error instanceof Error ? error.message : error}` }];
    }
  });
}
