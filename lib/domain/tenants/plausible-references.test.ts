import { expect, test } from 'vitest';
import { editDistance } from './edit-distance.ts';
import { plausibleReferences } from './plausible-references.ts';

const CONTOSO = { directoryId: 'c0000000-0000-4000-8000-00000000c001', domain: 'contoso.com' };
const FABRIKAM = { directoryId: 'f0000000-0000-4000-8000-00000000f001', domain: 'fabrikam.co.uk' };
const NAMELESS = { directoryId: 'a0000000-0000-4000-8000-00000000a001' };
const KNOWN = [FABRIKAM, CONTOSO, NAMELESS];

const suggest = (typed: string, known = KNOWN) => plausibleReferences(typed, known, '.onmicrosoft.com');

test.each([
  ['a missing letter', 'contos.com', 'contoso.com'],
  ['a doubled letter', 'conttoso.com', 'contoso.com'],
  ['transposed letters', 'cnotoso.com', 'contoso.com'],
  ['a wrong letter', 'cintoso.com', 'contoso.com'],
  ['another ending', 'contoso.org', 'contoso.com'],
  ['no ending', 'contoso', 'contoso.com'],
  ['a slip in front and one in the name', 'www.contosso.com', 'contoso.com'],
  ['slips at both ends', 'contos.con', 'contoso.com'],
  ['the first domain instead', 'contoso.onmicrosoft.com', 'contoso.com'],
  ['two labels at the end', 'mail.fabrikm.co.uk', 'fabrikam.co.uk'],
  ['a wrong digit in an ID', 'c0000000-0000-4000-8000-00000000c002', 'contoso.com'],
  ['an ID of a tenant without a domain', 'a0000000-0000-4000-8000-00000000a010', NAMELESS.directoryId],
])('%s leads to the own tenant first', (_, typed, meant) => {
  expect(suggest(typed)[0]).toBe(meant);
});

test.each([
  ['adatum.con', ['adatum.com', 'adatum.onmicrosoft.com']],
  ['adatum.cmo', ['adatum.com', 'adatum.onmicrosoft.com']],
  ['adatum.ogr', ['adatum.org', 'adatum.onmicrosoft.com']],
  ['www.adatum.com', ['adatum.com', 'adatum.onmicrosoft.com']],
  ['mail.eu.adatum.co.uk', ['eu.adatum.co.uk', 'adatum.co.uk', 'adatum.onmicrosoft.com']],
  ['adatum', ['adatum.onmicrosoft.com']],
  ['adatum.onmicrosoft', ['adatum.onmicrosoft.com']],
  ['adatum.onmicrosft.com', ['adatum.onmicrosoft.com']],
  ['adatum.onmicrosoft.con', ['adatum.onmicrosoft.com']],
  ['adatum.onmicrosoft.com', []],
  ['7d94f0ab-35c1-4e62-9a8e-1f2b6c3d4e5f', []],
  ['.', []],
])('%s may mean %j', (typed, meant) => {
  expect(suggest(typed)).toEqual(meant);
});

test('the ending of the first domain is that of the cloud', () => {
  expect(plausibleReferences('adatum', [], '.onmicrosoft.us')).toEqual(['adatum.onmicrosoft.us']);
  expect(plausibleReferences('adatum', [], '.partner.onmschina.cn')).toEqual(['adatum.partner.onmschina.cn']);
});

test('a text of many labels is not taken apart', () => {
  expect(suggest(`${'a.'.repeat(100)}contos.com`)).toEqual(['contos.onmicrosoft.com']);
});

test('what is far from the own tenants does not lead to them', () => {
  for (const typed of ['nobody.example', 'acme.com', 'co.uk', 'com']) {
    const meant = suggest(typed);
    expect(meant).not.toContain('contoso.com');
    expect(meant).not.toContain('fabrikam.co.uk');
  }
});

test('nothing is said twice, and never what was typed', () => {
  for (const typed of ['contoso.com', 'www.contoso.con', 'contoso', 'contoso.co', 'a..b', 'bücher.example']) {
    const meant = suggest(typed);
    expect(new Set(meant).size).toBe(meant.length);
    expect(meant).not.toContain(typed);
  }
});

test.each([
  ['contoso', 'contoso', 0],
  ['contoso', 'contos', 1],
  ['contoso', 'cotnoso', 1],
  ['contoso', 'conntosso', 2],
  ['contoso', 'fabrika', 7],
  ['', 'ab', 2],
  ['contoso', 'c', 3],
])('%j and %j are %i apart', (one, other, distance) => {
  expect(editDistance(one, other, 2)).toBe(distance);
});
