import type { EntraCode } from '#lib/microsoft/entra/problems.ts';
import type { MicrosoftPage } from './page-text.ts';

const SIGN_IN_LOG =
  'Send them code, correlation ID and time. They open the Entra admin center, Monitoring & health, Sign-in logs, and search for the correlation ID';

const REGISTRATION_TEST =
  'Start the same sign-in or approval again: Microsoft’s page asks for the approval instead of showing the code.';

/**
 * One page for each code of the login service; a code without a page does not compile. The meanings are Microsoft's.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const ENTRA_PAGES: Readonly<Record<EntraCode, MicrosoftPage>> = {
  // The classes of OAuth; they come without a number when Microsoft knows nothing more exact.
  access_denied: {
    cause:
      'The person pressed Cancel on Microsoft’s page, or Microsoft refused the sign-in without a number.',
  },
  permission_denied: {
    cause: 'An administrator pressed Cancel on the page for the approval of the whole tenant.',
  },
  consent_required: { cause: 'The tenant has not approved what a token was asked for.' },
  interaction_required: {
    cause:
      'Microsoft wants to ask the person something, such as a second factor, and could not do it unseen.',
  },
  login_required: {
    cause: 'Nobody is signed in at Microsoft in this browser, or the session there has ended.',
  },
  account_selection_required: {
    cause: 'Several accounts are signed in at Microsoft in this browser, and one has to be chosen.',
  },
  invalid_grant: {
    cause:
      'The code or the saved sign-in that was handed in is expired, revoked, used already, or of another request.',
  },
  invalid_client: { cause: 'Microsoft does not accept the proof of identity of this portal’s application.' },
  unauthorized_client: {
    cause: 'The application is not in the tenant, or may not ask for tokens in this way.',
  },
  invalid_tenant: { cause: 'No tenant has this ID or domain in the cloud that was asked.' },
  invalid_resource: {
    cause: 'The service that a token was asked for does not exist in the tenant or in this cloud.',
    fix: 'Check `MICROSOFT_CLOUD` and the endpoints in the configuration, and that the tenant has the service.',
  },
  invalid_request: { cause: 'A parameter of the request is missing, twice there, or not valid.' },
  invalid_scope: {
    cause: 'A permission that was asked for does not exist, or belongs to another service than the rest.',
    fix: 'Compare the permissions of the app registration with the guide.',
  },
  unsupported_response_type: {
    cause: 'The app registration does not allow the kind of answer that was asked for, usually ID tokens.',
    fix: 'In the app registration open Authentication and select ID tokens.',
  },
  unsupported_grant_type: {
    cause: 'The login service does not offer the kind of token request that was made.',
  },
  server_error: { cause: 'The login service failed by itself.' },
  temporarily_unavailable: { cause: 'The login service is overloaded for the moment.' },
  // Suberrors, which narrow `invalid_grant` and `interaction_required`.
  basic_action: { cause: 'The person can settle it by one more step at Microsoft, such as a second factor.' },
  additional_action: {
    cause: 'The person can settle it by something outside the browser, such as enrolling the device.',
    fix: 'Do what Microsoft’s page asks for, then sign in again.',
  },
  user_password_expired: {
    cause: 'The password of the account has expired.',
    fix: 'Change the password at Microsoft, then sign in again.',
  },
  bad_token: { cause: 'The saved sign-in is damaged or no longer valid.' },
  token_expired: { cause: 'The saved sign-in has expired.' },
  interrupted_user: { cause: 'The person left Microsoft’s page before it was done.' },
  ux_not_allowed: { cause: 'Microsoft had to show a page, but was asked not to.' },
  client_mismatch: { cause: 'The saved sign-in was issued to another application.' },
  device_authentication_failed: {
    cause: 'The device could not prove that the organization manages it.',
    fix: 'Sign in on a device that the organization manages, in a browser that can prove it (Edge, or Chrome with Microsoft’s extension).',
  },
  protection_policy_required: {
    cause:
      'A rule of the tenant wants an app with a protection policy of Intune, which a portal in a browser cannot have.',
    fix: 'Have a security administrator of the tenant make an exception for this application.',
  },
  message_only: {
    cause: 'A rule of the tenant blocks the sign-in for good: signing in again shows the same message.',
  },

  // Declined or to be asked for
  AADSTS65004: { cause: 'The person pressed Cancel where Microsoft lists the permissions.' },
  AADSTS90093: {
    cause:
      'The directory refused the approval for this account: people may not approve applications themselves, or not this one.',
  },
  AADSTS90094: {
    cause:
      'The permissions that were asked for can be approved by an administrator only, and the account is none, or not one of the right kind.',
  },
  AADSTS90095: {
    cause:
      'The tenant has an approval workflow: instead of the approval, Microsoft’s page takes a request to a reviewer.',
    test: 'The reviewer finds the request in the Entra admin center under Enterprise applications, Admin consent requests.',
  },
  AADSTS900941: {
    cause:
      'Microsoft regards the request as risky, mostly because the publisher is new or not verified, and so wants an administrator.',
    fix: 'Have a Global Administrator or Privileged Role Administrator compare publisher and application ID on Microsoft’s page with those that the portal names before, and approve. The operator can have the publisher verified.',
  },

  // Approval missing, or not everywhere yet
  AADSTS65001: {
    cause:
      'No approval covers what was asked for: none was given, it was given in another tenant or for fewer permissions, it was withdrawn, or it is not everywhere yet.',
  },
  AADSTS90008: {
    cause:
      'The application lacks the least permission that every sign-in needs (to sign in and read the profile).',
  },
  AADSTS90099: {
    cause:
      'A partner’s account asked for access to a customer’s tenant in which the application was not approved beforehand.',
    fix: 'Have an administrator of the customer connect the tenant in this portal, or run the application consent of Partner Center for this customer.',
    test: 'In the customer’s Entra admin center Enterprise applications lists this application.',
  },
  AADSTS700011: {
    cause:
      'The tenant does not contain the application: it was never approved there, or somebody deleted it.',
  },
  AADSTS700016: {
    cause:
      'The tenant does not contain the application: it was not approved yet, the approval is seconds old, somebody deleted it, the application ID is wrong, or tenant and application live in different clouds.',
    fix: 'After a new approval wait a few minutes. If it stays so, approve again. The operator compares `MICROSOFT_CLIENT_ID`, `MICROSOFT_GRAPH_CLIENT_ID` and `MICROSOFT_CLOUD` with the app registration.',
  },
  AADSTS7000229: {
    cause:
      'The service principal of the application is missing in the tenant: the approval is seconds old, or somebody deleted it under Enterprise applications.',
  },

  // A new sign-in
  AADSTS50055: { cause: 'The password of the account has expired.' },
  AADSTS50058: {
    cause:
      'Microsoft was asked to sign in unseen, but there is no session of it in this browser; blocked third-party cookies look the same.',
  },
  AADSTS50072: { cause: 'The tenant wants a second factor, and the account has none registered.' },
  AADSTS50074: { cause: 'The tenant wants a second factor, and it was not given.' },
  AADSTS50076: {
    cause: 'A Conditional Access rule, a setting of the account or a new location wants a second factor.',
    fix: 'Sign in again and complete the verification. If it is asked for again and again in an import, the sign-in belongs to a person: connect the tenant anew.',
  },
  AADSTS50078: { cause: 'The second factor was given longer ago than the tenant’s rules allow.' },
  AADSTS50079: {
    cause:
      'The tenant wants a second factor, and the account has none registered, or its own identity provider did not confirm one.',
  },
  AADSTS50089: {
    cause: 'Too much time passed on Microsoft’s pages.',
    fix: 'Sign in again without a long pause.',
  },
  AADSTS50125: { cause: 'Microsoft wants the person to reset the password or to register for it first.' },
  AADSTS50126: { cause: 'User name and password do not belong together.' },
  AADSTS50132: { cause: 'The session ended by an expired or a new password.' },
  AADSTS50133: { cause: 'The session was revoked by an expired or a new password.' },
  AADSTS50140: { cause: 'Microsoft asked whether to stay signed in, and the answer did not arrive.' },
  AADSTS50144: { cause: 'The password of the account in the on-premises Active Directory has expired.' },
  AADSTS50158: {
    cause:
      'The tenant wants something outside Microsoft’s own checks: another provider’s second factor or accepted terms of use.',
  },
  AADSTS50173: {
    cause: 'The saved sign-in was revoked: by the person, by an administrator, or by a new password.',
  },
  AADSTS54005: {
    cause:
      'The code of an answer counts once, and it came twice: by a double click, a reload, the back button, or a scanner that opens links.',
  },
  AADSTS70000: { cause: 'The saved sign-in is not valid: damaged, revoked, or bound to something else.' },
  AADSTS70008: {
    cause: 'The code or the saved sign-in was too old; a sign-in that nobody uses for 90 days expires.',
  },
  AADSTS70043: { cause: 'The sign-in frequency of a Conditional Access rule has passed.' },
  AADSTS500121: {
    cause: 'The request on the phone or key was declined, failed, or was not answered in time.',
  },
  AADSTS500133: {
    cause:
      'What was handed in had expired or was dated in the future; a server’s clock that is wrong by minutes is the usual reason.',
    test: 'The server’s clock and a public one agree to the second, and the sign-in works.',
  },
  AADSTS700003: { cause: 'The device of the saved sign-in was deleted in the directory.' },
  AADSTS700020: { cause: 'Microsoft has to ask the person something before it hands out a token.' },
  AADSTS700082: { cause: 'Nobody used the saved sign-in for 90 days.' },
  AADSTS700084: {
    cause: 'The saved sign-in was issued to a page in the browser and lives for 24 hours only.',
  },

  // The account
  AADSTS16000: {
    cause:
      'The browser holds a session of an account from another directory, and Microsoft used it for a tenant that does not know it.',
  },
  AADSTS16003: { cause: 'The account was never added to the tenant.' },
  AADSTS50014: { cause: 'The account was invited as a guest, but the invitation was not accepted.' },
  AADSTS50020: {
    cause:
      'The account belongs to another tenant or identity provider and is no guest of this one. For partners: the account is in no group that the delegated admin relationship gives a role.',
  },
  AADSTS50034: { cause: 'The user name is misspelled, or the account lives in another tenant.' },
  AADSTS50057: { cause: 'An administrator disabled the account, or its on-premises account is disabled.' },
  AADSTS50143: {
    cause: 'The session in the browser belongs to another tenant than the one that was asked for.',
    fix: 'Open a private window and sign in with an account of the tenant.',
  },
  AADSTS51004: { cause: 'The account does not exist in the directory that was asked.' },
  AADSTS90072: {
    cause:
      'The tenant wants its own verification, which an account can pass only as a member or guest of the tenant.',
  },
  AADSTS500208: {
    cause: 'The domain of the account belongs to personal accounts, or to none that the tenant takes.',
  },

  // Rules
  AADSTS50005: {
    cause: 'A Conditional Access rule does not allow the operating system of the device.',
    fix: 'Sign in on a device of a kind that the rule allows, or ask for an exception.',
  },
  AADSTS50053: {
    cause: 'Smart lockout after wrong passwords, or an address that Microsoft knows for attacks.',
    fix: `Wait an hour. If it stays so: ${SIGN_IN_LOG}; the failure reason tells which of the two it was.`,
    test: 'The Entra admin center lists a later sign-in of the account as Success.',
  },
  AADSTS50097: { cause: 'A rule wants the device to prove itself, and it did not.' },
  AADSTS50105: {
    cause:
      '“Assignment required” is set on the enterprise application, and the account, or a group it is a direct member of, is not assigned.',
    test: 'Enterprise applications, this application, Users and groups lists the account or its group; then the sign-in works.',
  },
  AADSTS50129: {
    cause: 'A rule wants a registered device.',
    fix: 'Register the device in the settings of Windows, Access work or school, then sign in again.',
  },
  AADSTS50131: {
    cause: 'A rule refused the device, the place or a suspicious request.',
    fix: `${SIGN_IN_LOG} and see the rule.`,
  },
  AADSTS50155: { cause: 'The device could not prove itself.' },
  AADSTS50177: {
    cause:
      'A Conditional Access rule of the customer asks for terms of use or another provider’s check, which cannot be shown to accounts of a partner.',
  },
  AADSTS50178: {
    cause:
      'A Conditional Access rule of the customer controls the session in a way that does not work for accounts of a partner.',
  },
  AADSTS50187: { cause: 'A rule wants the device to prove itself, and the browser sent nothing about it.' },
  AADSTS53000: {
    cause:
      'The device is managed but does not comply with the organization’s rules, or is not managed at all.',
    test: 'Entra admin center, Devices: the device says Yes under Compliant; then the sign-in works.',
  },
  AADSTS53001: { cause: 'The rule wants a device that is joined to the organization’s domain.' },
  AADSTS53002: {
    cause: 'The rule wants one of Microsoft’s approved client apps; a portal in a browser is none.',
  },
  AADSTS53003: {
    cause:
      'A Conditional Access policy of the tenant blocks this person, place, device or application. Microsoft does not tell the portal which policy it was.',
    fix: `${SIGN_IN_LOG}; the tab Conditional Access names the policy. They exclude the application or the account, or say from where to sign in. For a partner’s account they exclude service provider users of the partner’s tenant.`,
  },
  AADSTS53004: {
    cause: 'The account has no second factor yet, and Microsoft sees a risk in registering one now.',
  },
  AADSTS53010: { cause: 'A rule allows second factors to be registered from named places or devices only.' },
  AADSTS53011: {
    cause: 'Identity Protection of the account’s home tenant regards the account as compromised.',
  },
  AADSTS500021: { cause: 'Tenant restrictions: a proxy adds the list of allowed tenants to each sign-in.' },
  AADSTS500022: {
    cause: 'Tenant restrictions of the second version: the network or device allows certain tenants only.',
  },
  AADSTS500212: {
    cause: 'Cross-tenant access settings of the account’s home tenant do not allow this tenant.',
    test: 'Entra admin center of your organization, External Identities, Cross-tenant access settings: outbound access to the tenant is allowed.',
  },
  AADSTS500213: {
    cause: 'Cross-tenant access settings of the tenant do not allow the account’s home tenant.',
    test: 'Entra admin center of the tenant, External Identities, Cross-tenant access settings: inbound access from your organization is allowed.',
  },
  AADSTS530003: { cause: 'A Conditional Access rule demands a managed device.' },
  AADSTS530032: {
    cause: 'A security policy of the whole tenant blocks the request.',
    fix: `${SIGN_IN_LOG} and compare it with the security policies of the tenant.`,
  },
  AADSTS530034: {
    cause:
      'The account works for a partner by delegated administration, and Microsoft sees a risk in it in the partner’s own tenant. The customer’s rules have nothing to do with it.',
    test: 'In the partner’s Entra admin center, Protection, Risky users, the account is not listed as at risk.',
  },
  AADSTS530035: {
    cause: 'Security defaults block old ways of signing in and whatever lacks a second factor.',
  },

  // Our credential
  AADSTS50012: {
    cause:
      'The certificate or its signature was not accepted: not uploaded, expired, or another one than the registration knows.',
  },
  AADSTS50027: {
    cause: 'The token that proves this portal’s application is not valid: malformed, or of another time.',
  },
  AADSTS50048: { cause: 'The proof of identity names another application than the one that sent it.' },
  AADSTS700024: {
    cause:
      'The proof by certificate lives for minutes only and was outside its time: the server’s clock is wrong.',
    test: 'The server’s clock and a public one agree to the second, and “Check again” in the portal succeeds.',
  },
  AADSTS700027: {
    cause:
      'The signature fits no certificate of the app registration: another one is configured than uploaded, or a rotation has not reached all of Microsoft’s servers.',
    test: 'The thumbprint in the app registration equals that of the configured file, and “Check again” in the portal succeeds.',
  },
  AADSTS700030: { cause: 'The name in the certificate is not one that the app registration allows.' },
  AADSTS7000215: {
    cause:
      'The configured secret is not one of the app registration. Most often its ID was copied instead of its value, which Microsoft shows only once, or a character was lost on the way into the configuration.',
    fix: 'Create a new secret in the app registration (Certificates & secrets), copy the column Value, set `MICROSOFT_CLIENT_SECRET` or `MICROSOFT_GRAPH_CLIENT_SECRET`, and restart the portal.',
  },
  AADSTS7000218: { cause: 'The request carried neither a secret nor a proof by certificate.' },
  AADSTS7000222: {
    cause: 'The secret is past its end date in the app registration. Every tenant is affected at once.',
    fix: 'Create a new secret in the app registration (Certificates & secrets), set its value as `MICROSOFT_CLIENT_SECRET` or `MICROSOFT_GRAPH_CLIENT_SECRET`, and restart the portal. A certificate lasts longer.',
  },

  // The application is switched off
  AADSTS70001: { cause: 'The application is disabled, or unknown in the tenant.' },
  AADSTS1000031: {
    cause: 'The application is restricted in the tenant, or was deactivated by its owner or by Microsoft.',
  },
  AADSTS7000112: { cause: 'The enterprise application is disabled in the tenant.' },

  // Tenants
  AADSTS50059: {
    cause: 'The request did not say which tenant it is for, and the account did not tell either.',
  },
  AADSTS50128: { cause: 'The domain is not one of a tenant.' },
  AADSTS90002: {
    cause:
      'No tenant has this ID or domain in this cloud: it is misspelled, not verified in a tenant, deleted, or lives in another cloud (US Government, China).',
  },
  AADSTS90019: { cause: 'Microsoft could not tell from the request which tenant is meant.' },
  AADSTS90038: {
    cause: 'The tenant lives in a national cloud (US Government, China) and was asked for in another.',
  },
  AADSTS900023: { cause: 'What was given as the tenant is neither an ID nor the name of a domain.' },
  AADSTS5000224: { cause: 'The tenant exists no more, or cannot be used.' },

  // Services
  AADSTS500011: {
    cause:
      'The service that a token was asked for has no service principal in the tenant: the tenant never used it, or the request went to the wrong cloud.',
  },
  AADSTS650052: {
    cause: 'The tenant has no subscription to the service, or has switched it off.',
    fix: 'Buy or enable the service for the tenant, then approve again.',
  },

  // Registration and request
  AADSTS50011: {
    cause:
      'The redirect URI in the request is not among those of the app registration, to the letter: scheme, host, port, path and the slash at its end.',
    fix: 'In the app registration open Authentication and add the redirect URIs that the guide names, beginning with the address in `APP_URL`. Microsoft shows this code on its own page and does not come back.',
    test: REGISTRATION_TEST,
  },
  AADSTS50147: { cause: 'The proof that belongs to the sign-in (PKCE) is missing or of the wrong size.' },
  AADSTS50194: {
    cause:
      'The app registration takes accounts of its own tenant only, and a person of another one wanted to sign in.',
    fix: 'App registration, Authentication, Supported account types: accounts in any organizational directory.',
    test: REGISTRATION_TEST,
  },
  AADSTS65005: {
    cause: 'A permission was asked for that the app registration does not list.',
    test: REGISTRATION_TEST,
  },
  AADSTS70003: { cause: 'The kind of token request is unknown to the login service.' },
  AADSTS70011: {
    cause: 'A permission in the request does not exist, or permissions of two services were mixed.',
  },
  AADSTS90014: { cause: 'A field that the login service needs is missing in the request.' },
  AADSTS90023: { cause: 'The request is not valid in itself.' },
  AADSTS501461: {
    cause:
      'The manifest allows mapped claims (`acceptMappedClaims`), which Microsoft accepts only for the application’s own ID or a verified domain of the tenant.',
    test: REGISTRATION_TEST,
  },
  AADSTS501481: {
    cause:
      'The proof that belongs to the sign-in (PKCE) is that of another sign-in: two were mixed up in one browser, or a code was stolen.',
    fix: 'Start again in one window.',
  },
  AADSTS501491: { cause: 'The proof that belongs to the sign-in (PKCE) has the wrong size.' },
  AADSTS650053: {
    cause: 'A permission was asked for that the service does not have.',
    fix: 'Compare the permissions of the app registration with the guide.',
    test: REGISTRATION_TEST,
  },
  AADSTS650056: {
    cause:
      'The app registration lists no permission for the service, an administrator has not approved it in the tenant, or the application ID is another one than meant.',
    test: REGISTRATION_TEST,
  },
  AADSTS650057: {
    cause: 'A token was asked for a service that the app registration lists no permission for.',
    test: REGISTRATION_TEST,
  },
  AADSTS700005: {
    cause: 'The code was issued for one tenant and handed in for another.',
    fix: 'Start again. If it happens again, report it.',
  },
  AADSTS700025: {
    cause: 'The app registration is set up as a public client, and a secret was sent.',
    fix: 'In the app registration, Authentication, use the platform Web and turn public client flows off.',
  },
  AADSTS700054: {
    cause: 'ID tokens are not selected under Authentication in the app registration.',
    test: REGISTRATION_TEST,
  },
  AADSTS900144: { cause: 'A parameter is missing in the request; Microsoft’s own text names it.' },
  AADSTS900382: {
    cause:
      'Application and tenant live in different clouds, and an application with a secret cannot cross between them.',
  },
  AADSTS900432: {
    cause:
      'Application and tenant live in different clouds, and an application with a secret cannot cross between them.',
  },
  AADSTS900561: {
    cause: 'An address of the login service was opened in a way it does not take, often by the back button.',
    fix: 'Start again from the portal.',
  },
  AADSTS900971: {
    cause: 'The app registration has no redirect URI.',
    fix: 'Add the redirect URIs that the guide names to the app registration, under Authentication.',
    test: REGISTRATION_TEST,
  },
  AADSTS901002: {
    cause: 'The request used a parameter (`resource`) that this version of the login service does not take.',
  },
  AADSTS9001023: { cause: 'The request has to name the tenant and named all tenants instead.' },
  AADSTS9002313: { cause: 'The request is malformed; proxies that rewrite requests cause this too.' },

  // Passing
  AADSTS50196: {
    cause: 'The same request was sent again and again, and Microsoft stops such a loop for a while.',
  },
  AADSTS90055: { cause: 'Too many requests for this tenant came to the login service.' },
  AADSTS50033: { cause: 'A passing failure of the login service.' },
  AADSTS90006: { cause: 'A service behind the login service is not available for the moment.' },
  AADSTS90012: { cause: 'The login service did not finish in time.' },
  AADSTS90024: { cause: 'A passing failure of the login service.' },
  AADSTS90033: { cause: 'The directory behind the login service is not available for the moment.' },
  AADSTS90090: { cause: 'The directory behind the login service failed for the moment.' },
  AADSTS650051: {
    cause:
      'Microsoft is just creating the application’s service principal in the tenant, and two requests met.',
    test: 'In the Entra admin center Enterprise applications lists this application once.',
  },
};
