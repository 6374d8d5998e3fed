import { AZURE_APP, CONTOSO, GRAPH_APP, GRAPH_DEFAULT, postToken, signInAs } from '../../testing.ts';

/*
 * For tests of the login service: the addresses of its flows, and people to walk through them.
 */
export const ALEX = 'alex.admin@contoso.com';
export const OLIVIA = 'olivia.owner@contoso.com';
export const UMA = 'uma.user@contoso.com';
export const GUS = 'gus.guest@fabrikam.com';
export const ADA = 'ada.admin@adatum.com';
export const SIGN_IN = 'http://localhost:3000/api/auth/callback/microsoft';
export const CALLBACK = 'http://localhost:3000/api/consent/callback';
export const ADMIN_CALLBACK = 'http://localhost:3000/api/consent/admin-callback';

type Fields = Readonly<Record<string, string>>;

/** The flows of one simulator. */
export function loginFlows(url: string) {
  const authorizeUrl = (tenant: string, more: Fields = {}) =>
    `${url}/${tenant}/oauth2/v2.0/authorize?${new URLSearchParams({
      client_id: AZURE_APP.clientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid profile email offline_access',
      state: 'st',
      nonce: 'no',
      prompt: 'select_account',
      ...more,
    })}`;

  const consentUrl = (tenant: string, more: Fields = {}, form = 'v2.0/adminconsent') =>
    `${url}/${tenant}/${form}?${new URLSearchParams({
      client_id: GRAPH_APP.clientId,
      redirect_uri: ADMIN_CALLBACK,
      scope: GRAPH_DEFAULT,
      state: 'st',
      ...more,
    })}`;

  /** Signs in and answers the code; throws when the sign-in ends elsewhere. */
  async function codeFor(account: string, tenant: string = CONTOSO, more: Fields = {}): Promise<string> {
    const { location, page } = await signInAs(authorizeUrl(tenant, more), account);
    const code = location?.searchParams.get('code');
    if (!code) throw new Error(location?.href ?? page);
    return code;
  }

  const redeem = (code: string, tenant: string = CONTOSO, more: Fields = {}) =>
    postToken(url, tenant, {
      grant_type: 'authorization_code',
      client_id: AZURE_APP.clientId,
      client_secret: AZURE_APP.secret,
      redirect_uri: CALLBACK,
      code,
      ...more,
    });

  const clientCredentials = (tenant: string, more: Fields = {}) =>
    postToken(url, tenant, {
      grant_type: 'client_credentials',
      client_id: GRAPH_APP.clientId,
      client_secret: GRAPH_APP.secret,
      scope: GRAPH_DEFAULT,
      ...more,
    });

  return { authorizeUrl, consentUrl, codeFor, redeem, clientCredentials };
}
