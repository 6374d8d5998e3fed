/**
 * How the list in docs/dependencies.md differs from the packages that package.json asks for. A list entry begins with
 * the package's name: a dash and the name in backticks.
 */
export function dependencyDifferences(document: string, packages: readonly string[]): string[] {
  const listed = [...document.matchAll(/^- `([^`]+)`/gm)].map(([, name = '']) => name);
  const twice = listed.filter((name, index) => listed.indexOf(name) !== index);
  return [
    ...packages.filter((name) => !listed.includes(name)).map((name) => `does not say what ${name} is for`),
    ...listed.filter((name) => !packages.includes(name)).map((name) => `lists ${name}, which is not used`),
    ...twice.map((name) => `lists ${name} twice`),
  ];
}
