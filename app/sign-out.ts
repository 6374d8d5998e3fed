'use server';

import { redirect } from 'next/navigation';
import { signOut } from '#lib/auth/sign-out.ts';

/** Ends the person's sessions in every browser and leads to the sign-in page. */
export async function signOutAction(): Promise<void> {
  await signOut();
  redirect('/signin');
}
