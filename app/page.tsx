import { redirect } from 'next/navigation';
import { START_PATH } from '#lib/auth/return-to.ts';

export default function StartPage(): never {
  redirect(START_PATH);
}
