import { expect, it } from 'vitest';
import { filterQuery } from './filter-query.ts';

it('keeps what is filled in, in the order of the form, and trims it', () => {
  const form = new FormData();
  form.append('sort', '-name');
  form.append('q', '  Zoë & co ');
  form.append('country', '');
  form.append('department', '   ');
  form.append('license', 'a');
  form.append('license', 'b');
  expect(filterQuery(form)).toBe('sort=-name&q=Zo%C3%AB+%26+co&license=a&license=b');
});
