export type SecurityHeaderInput = {
  /** Fresh for each answer: the page's own scripts and styles carry it. */
  readonly nonce: string;
  /** The portal's public origin. */
  readonly appUrl: string;
  /** Microsoft's login service. */
  readonly authorityUrl: string;
  /** Next's development server evaluates code and adds styles of its own. */
  readonly isDevelopment: boolean;
};

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The headers that every answer of the portal carries. */
export function securityHeaders(input: SecurityHeaderInput): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(input),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(isHttps(input.appUrl) && {
      'strict-transport-security': `max-age=${YEAR_SECONDS}; includeSubDomains`,
    }),
  };
}

/**
 * Scripts run only with the nonce, or loaded by one that has it. Style attributes are allowed, since the component
 * library positions pop-ups by them; style elements are not.
 */
export function contentSecurityPolicy(input: SecurityHeaderInput): string {
  const { nonce, appUrl, authorityUrl, isDevelopment } = input;
  const directives: readonly (readonly string[])[] = [
    ['default-src', "'none'"],
    [
      'script-src',
      "'self'",
      `'nonce-${nonce}'`,
      "'strict-dynamic'",
      ...(isDevelopment ? ["'unsafe-eval'"] : []),
    ],
    ['style-src', "'self'", ...(isDevelopment ? ["'unsafe-inline'"] : [`'nonce-${nonce}'`])],
    ['style-src-attr', "'unsafe-inline'"],
    ['img-src', "'self'", 'data:'],
    ['font-src', "'self'"],
    ['connect-src', "'self'"],
    ['manifest-src', "'self'"],
    ['base-uri', "'none'"],
    // Chromium applies it to where a form's answer redirects, too: signing in and giving consent lead to Microsoft.
    ['form-action', "'self'", authorityUrl],
    ['frame-ancestors', "'none'"],
    ...(isHttps(appUrl) ? [['upgrade-insecure-requests']] : []),
  ];
  return directives.map((directive) => directive.join(' ')).join('; ');
}

const isHttps = (url: string): boolean => url.startsWith('https:');
