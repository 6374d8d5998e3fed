import type { NextRequest } from 'next/server';
import { runtime } from '#lib/runtime.ts';
import { finishSignIn, startSignIn } from './sign-in.ts';

/** `POST /api/auth/signin/microsoft`: where the form of the sign-in page goes. */
export const handleSignInStart = (request: NextRequest): Promise<Response> => startSignIn(runtime(), request);

/** `GET /api/auth/callback/microsoft`: the redirect URI of the sign-in. */
export const handleSignInReturn = (request: NextRequest): Promise<Response> =>
  finishSignIn(runtime(), request);
