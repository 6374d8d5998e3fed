'use server';

import { revalidatePath } from 'next/cache';
import { addAccessToken } from '#lib/domain/access-tokens/add.ts';
import { deleteAccessToken } from '#lib/domain/access-tokens/delete.ts';
import { AccessTokenReference, AddAccessToken } from '#lib/domain/access-tokens/model.ts';
import { action } from '#lib/web/action.ts';
import { LIST_PATH } from '../../paths.ts';

export const addAccessTokenAction = action(
  AddAccessToken,
  async (ctx, input) => {
    const result = await addAccessToken(ctx, input);
    if (result.ok) revalidatePath(LIST_PATH, 'layout');
    return result;
  },
  { secretFields: ['accessToken'] },
);

export const deleteAccessTokenAction = action(AccessTokenReference, async (ctx, input) => {
  const result = await deleteAccessToken(ctx, input);
  if (result.ok) revalidatePath(LIST_PATH, 'layout');
  return result;
});
