import { randomBytes, randomUUID } from 'node:crypto';
import type { Config } from '#lib/config/env.ts';
import { NONCE_HEADER, PATH_HEADER, REQUEST_ID_HEADER } from '#lib/core/request-headers.ts';
import { securityHeaders } from './security-headers.ts';

export type Preparation = {
  /** What the pages cannot see themselves, over whatever a client sent under these names. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** What every answer carries. */
  readonly answerHeaders: Readonly<Record<string, string>>;
};

/** The headers of a request for a path of the portal, with its query, and of the answer to it. */
export function prepare(pathname: string, search: string, config: Config): Preparation {
  const nonce = randomBytes(16).toString('base64');
  const requestId = randomUUID();
  const security = securityHeaders({
    nonce,
    appUrl: config.appUrl,
    authorityUrl: config.microsoft.cloud.authorityUrl,
    isDevelopment: process.env.NODE_ENV === 'development',
  });
  return {
    requestHeaders: {
      [PATH_HEADER]: `${pathname}${search}`,
      [REQUEST_ID_HEADER]: requestId,
      [NONCE_HEADER]: nonce,
      // Next reads the nonce for its own scripts from here.
      'content-security-policy': security['content-security-policy'] ?? '',
    },
    answerHeaders: {
      ...security,
      [REQUEST_ID_HEADER]: requestId,
      // Files under this path are named by their content and public; anything else may be about a member.
      ...(!pathname.startsWith('/_next/static/') && { 'cache-control': 'no-store' }),
    },
  };
}
