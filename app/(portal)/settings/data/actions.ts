'use server';

import { revalidatePath } from 'next/cache';
import { changeRetention, switchField } from '#lib/domain/data-settings/change.ts';
import { allowImportAgain, erasePerson, findPerson } from '#lib/domain/data-settings/erase-person.ts';
import { ChangeRetention, FindPerson, PersonInTenant, SwitchField } from '#lib/domain/data-settings/model.ts';
import { action } from '#lib/web/action.ts';

const PATH = '/settings/data';

export const switchFieldAction = action(SwitchField, async (ctx, input) => {
  const result = await switchField(ctx, input);
  if (result.ok) revalidatePath(PATH);
  return result;
});

export const changeRetentionAction = action(ChangeRetention, async (ctx, input) => {
  const result = await changeRetention(ctx, input);
  if (result.ok) revalidatePath(PATH);
  return result;
});

/** A form and not an address: what is typed is about a person. */
export const findPersonAction = action(FindPerson, findPerson);

export const erasePersonAction = action(PersonInTenant, async (ctx, input) => {
  const result = await erasePerson(ctx, input);
  if (result.ok) revalidatePath('/', 'layout');
  return result;
});

export const allowImportAgainAction = action(PersonInTenant, async (ctx, input) => {
  const result = await allowImportAgain(ctx, input);
  if (result.ok) revalidatePath(PATH);
  return result;
});
