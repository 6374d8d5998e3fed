import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROBLEM_POLICY, type ProblemCode } from '#lib/core/problem.ts';
import { ERRORS_PATH, helpPath } from '#lib/core/problem-help.ts';
import { REFINEMENTS } from '#lib/core/problem-refinements.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { findHelpPage, HELP_PAGES, PORTAL_CODES } from './catalogue.ts';
import { EXAMPLES } from './examples.ts';
import { errorDocuments } from './markdown.ts';

test.each(HELP_PAGES)('$code: what happened, why, who, what to do, how to test', (page) => {
  const { heading, quote, where, cause, who, fix, test: check } = page;
  for (const name of [heading, who]) expect(name).toMatch(/^\p{Lu}.*[^.]$/u);
  for (const text of [cause, fix, check]) expect(text).toMatch(/^[\p{Lu}“`].*\.$/su);
  expect(quote ?? where).toMatch(/^[\p{Lu}\d“`].*[.]$/u);
  const all = [heading, quote, where, cause, who, fix, check].join('\n');
  expect(all).not.toMatch(/!|\bplease\b|\boops\b|\bsorry\b|undefined|\[object| {2}/i);
  // In backticks, in pairs: the pages draw them as code.
  expect(all.split('`').length % 2).toBe(1);
});

test('a code names one page, whatever its case', () => {
  const names = HELP_PAGES.map(({ code }) => code.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  for (const { code } of HELP_PAGES) {
    expect(findHelpPage(code.toUpperCase())?.code).toBe(code);
    expect(findHelpPage(code.toLowerCase())?.code).toBe(code);
  }
  expect(findHelpPage(' 50020 ')?.code).toBe('AADSTS50020');
  expect(findHelpPage('no-such-code')).toBeUndefined();
  expect(findHelpPage('constructor')).toBeUndefined();
});

test('each class leads to its codes, and each code to its class', () => {
  expect(PORTAL_CODES).toEqual(expect.arrayContaining(Object.keys(PROBLEM_POLICY)));
  for (const page of HELP_PAGES) {
    if (page.portalCode) expect(findHelpPage(page.portalCode)?.microsoftCodes).toContain(page.code);
    for (const code of page.microsoftCodes) expect(findHelpPage(code)?.portalCode).toBe(page.code);
  }
});

test('each refined text belongs to a code of the catalogue and says more than its class', () => {
  for (const [code, words] of Object.entries(REFINEMENTS)) {
    const page = findHelpPage(code);
    if (!page?.portalCode) throw new Error(`${code} is not in the catalogue`);
    const example = EXAMPLES[page.portalCode as ProblemCode];
    const plain = describeProblem(example);
    expect({ ...plain, ...words }, code).not.toEqual(plain);
  }
});

test('the address of a page names the code, and the class that stands in for it', () => {
  expect(helpPath('wrong-account')).toBe(`${ERRORS_PATH}/wrong-account`);
  expect(helpPath('wrong-account', { code: 'AADSTS50020' })).toBe(
    `${ERRORS_PATH}/AADSTS50020?class=wrong-account`,
  );
  for (const code of ['../x', 'a b', 'x?y', '', '%2f', 'x'.repeat(200)]) {
    expect(helpPath('wrong-account', { code })).toBe(`${ERRORS_PATH}/wrong-account`);
  }
});

test('docs/errors says the same; `node scripts/write-error-pages.ts` writes it', () => {
  const folder = new URL('../../docs/errors/', import.meta.url);
  const documents = errorDocuments();
  expect(readdirSync(folder).sort()).toEqual([...documents.keys()].sort());
  for (const [name, text] of documents) expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(text);
});
