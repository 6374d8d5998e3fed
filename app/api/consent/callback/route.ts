import type { NextRequest } from 'next/server';
import { signInCallback } from '#lib/domain/consent/sign-in-callback.ts';
import { answerCallback } from '../answer-callback.ts';

/** Where Microsoft sends the browser after a sign-in in a customer's tenant. */
export const GET = (request: NextRequest): Promise<Response> => answerCallback(request, signInCallback);
