import { expect, test } from 'vitest';
import { productNameById, productOf, readablePartNumber, servicePlanName } from './product-names.ts';

test('a SKU is named by its id, whatever its casing', () => {
  const expected = { name: 'Microsoft 365 E5', isKnown: true };
  expect(productOf('06ebc4ee-1bb5-47dd-8120-11324bc54e06', 'SPE_E5')).toEqual(expected);
  expect(productOf('06EBC4EE-1BB5-47DD-8120-11324BC54E06', 'renamed')).toEqual(expected);
  expect(productNameById('06ebc4ee-1bb5-47dd-8120-11324bc54e06')).toBe('Microsoft 365 E5');
});

test('an id that the list does not have falls back to the part number', () => {
  const id = '11111111-0000-4000-8000-000000000000';
  expect(productOf(id, 'spe_e5')).toEqual({ name: 'Microsoft 365 E5', isKnown: true });
  expect(productNameById(id)).toBeUndefined();
});

test('a part number of two products decides nothing, their ids do', () => {
  const id = '11111111-0000-4000-8000-000000000000';
  expect(productOf(id, 'MCOPSTN5')).toEqual({ name: 'MCOPSTN5', isKnown: false });
  const names = ['54a152dc-90de-4996-93d2-bc47e670fc06', 'd43177b5-475b-4880-92d4-d54c27b5efbd'].map(
    (skuId) => productOf(skuId, 'MCOPSTN5').name,
  );
  expect(new Set(names).size).toBe(2);
});

test('names with commas and quotes are read whole', () => {
  expect(productNameById('977464c4-bfaf-4b67-b761-a9bb735a2196')).toBe(
    'Dynamics 365 Field Service, Enterprise Edition - Resource Scheduling Optimization',
  );
});

test.each([
  ['CONTOSO_PILOT_OFFER_2031', 'Contoso Pilot Offer 2031'],
  ['SPE_E7', 'SPE E7'],
  ['DYN365_ ENTERPRISE _SALES', 'DYN365 Enterprise Sales'],
  ['Microsoft_365_New (no Teams)', 'Microsoft 365 New (no Teams)'],
  ['', ''],
  ['__', ''],
])('an unknown SKU %s reads %s', (partNumber, name) => {
  expect(readablePartNumber(partNumber)).toBe(name);
});

test('a service plan is named by its id', () => {
  expect(servicePlanName('41781fb2-bc02-4b7c-bd55-b576c07bb09d')).toMatch(/Entra ID P1/i);
  expect(servicePlanName('11111111-0000-4000-8000-000000000000')).toBeUndefined();
});
