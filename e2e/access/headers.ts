import type { Answer } from './http.ts';

const NONCE = /'nonce-([^']+)'/;

/** What is wrong with the headers of an answer that is about nobody or somebody, but for nobody else. */
export function headerComplaints({ headers, setCookies }: Answer): string[] {
  const policy = new Map(
    (headers['content-security-policy'] ?? '').split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ');
      return [name, values] as const;
    }),
  );
  const scripts = policy.get('script-src') ?? [];
  const expected: readonly (readonly [string, boolean])[] = [
    ['cache-control: no-store', /\bno-store\b/.test(headers['cache-control'] ?? '')],
    ['x-content-type-options: nosniff', headers['x-content-type-options'] === 'nosniff'],
    ['x-frame-options: DENY', headers['x-frame-options'] === 'DENY'],
    ["frame-ancestors 'none'", policy.get('frame-ancestors')?.join() === "'none'"],
    ["default-src 'none'", policy.get('default-src')?.join() === "'none'"],
    ["base-uri 'none'", policy.get('base-uri')?.join() === "'none'"],
    ['a nonce for scripts', scripts.some((source) => NONCE.test(source))],
    ['no scripts without nonce', !scripts.some((source) => /unsafe|data:|\*|https?:/.test(source))],
    ['a referrer policy', /^(same-origin|no-referrer)$/.test(headers['referrer-policy'] ?? '')],
    ['a permissions policy', (headers['permissions-policy'] ?? '').includes('camera=()')],
    ['cross-origin-opener-policy', headers['cross-origin-opener-policy'] === 'same-origin'],
    ['no word about the framework', headers['x-powered-by'] === undefined],
    ['no other origin may read it', headers['access-control-allow-origin'] === undefined],
  ];
  return [
    ...expected.filter(([, holds]) => !holds).map(([what]) => `lacks: ${what}`),
    ...setCookies.flatMap(cookieComplaints),
  ];
}

/** A cookie that is set is out of reach for scripts and for the forms of other sites. */
function cookieComplaints(line: string): string[] {
  const [pair = '', ...attributes] = line.split(/;\s*/).map((part) => part.toLowerCase());
  const [name, value] = pair.split('=');
  if (!value) return [];
  const complaints = [
    ...(attributes.includes('httponly') ? [] : ['HttpOnly']),
    ...(attributes.some((attribute) => /^samesite=(lax|strict)$/.test(attribute)) ? [] : ['SameSite']),
    ...(attributes.some((attribute) => attribute.startsWith('domain=')) ? ['no Domain'] : []),
  ];
  return complaints.map((what) => `the cookie ${name} lacks: ${what}`);
}

export const nonceOf = ({ headers }: Answer): string | undefined =>
  NONCE.exec(headers['content-security-policy'] ?? '')?.[1];
