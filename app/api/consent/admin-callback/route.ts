import type { NextRequest } from 'next/server';
import { adminCallback } from '#lib/domain/consent/admin-callback.ts';
import { answerCallback } from '../answer-callback.ts';

/** Where Microsoft sends the browser after an administrator has approved or declined. */
export const GET = (request: NextRequest): Promise<Response> => answerCallback(request, adminCallback);
