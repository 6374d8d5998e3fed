import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * What must never be part of the script that a browser loads: secrets, the database, Microsoft's clients; and the words
 * of all Problems, which are too many.
 */
const SERVER_ONLY = /^(node:|lib\/(?!core\/))|^lib\/core\/problem-text|^(worker|simulator|prisma|scripts)\//;

const DIRECTIVE = /^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*\n)*['"]use (client|server)['"]/;
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const directiveOf = (source: string) => DIRECTIVE.exec(source)?.[1];

/** The file or module behind an import, relative to the repository; undefined for packages and style sheets. */
function resolve(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('node:')) return specifier;
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (!specifier.startsWith('.')) return undefined;
  return normalize(join(dirname(from), specifier));
}

/** The ways by which a client file reaches server code, each as the chain of its files. */
function serverChains(entry: string): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const walk = (file: string, chain: readonly string[]) => {
    if (SERVER_ONLY.test(file)) {
      found.push([...chain, file].join(' → '));
      return;
    }
    if (seen.has(file) || !/\.tsx?$/.test(file)) return;
    seen.add(file);
    if (!existsSync(join(ROOT, file)))
      throw new Error(`${chain.at(-1)} imports ${file}, which does not exist`);
    const source = read(file);
    // A server action reaches the browser as a reference, without its code.
    if (directiveOf(source) === 'server') return;
    for (const [, stated, dynamic] of source.matchAll(IMPORT)) {
      const target = resolve(stated ?? dynamic ?? '', file);
      if (target) walk(target, [...chain, file]);
    }
  };
  walk(entry, []);
  return found;
}

const clientFiles = globSync('{app,components}/**/*.{ts,tsx}', { cwd: ROOT }).filter(
  (file) => directiveOf(read(file)) === 'client',
);

it('finds the client files', () => {
  expect(clientFiles).toContain(normalize('components/ui/dialog.tsx'));
});

it.each(clientFiles)('%s brings no server code into the browser', (file) => {
  expect(serverChains(file)).toEqual([]);
});
