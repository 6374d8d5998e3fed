import type { PortalCode, PortalPage } from './page-text.ts';

/** One page for each of our codes; a code without a page does not compile. */
export const PORTAL_PAGES: Readonly<Record<PortalCode, PortalPage>> = {
  // Input and access
  'invalid-input': {
    heading: 'Something in the form has to be changed',
    where: 'A form comes back with a message at one or more fields; the API answers 400 with `fields`.',
    cause: 'A value is missing, too long or of another form than the field takes.',
    who: 'Whoever filled in the form',
    fix: 'Change the fields that are named. Nothing was stored.',
    test: 'Send the form again: it is accepted, or names the next field.',
  },
  forbidden: {
    heading: 'This needs another role in your organization',
    where: 'The button is missing or the page says which role it needs; the API answers 403.',
    cause:
      'The member’s role in the organization does not allow the action. A viewer reads, an admin connects and imports, an owner also manages members.',
    fix: 'Ask an owner to do it, or to give you that role.',
    test: 'Open the page again: the button is there. The role stands in the menu with your name.',
  },
  'not-found': {
    heading: 'There is no such thing in your organization',
    where: 'The page or the API answers 404.',
    cause:
      'The id is wrong, the thing was removed, or it belongs to another organization. The three look the same on purpose.',
    who: 'Whoever followed the link',
    fix: 'Go to the list and open it from there. Check above the navigation which organization you work in.',
    test: 'It opens from its list.',
  },
  'already-connected': {
    heading: 'This tenant is already connected',
    where: 'When a cloud account is added.',
    cause: 'Your organization has a connection of this kind to the same directory.',
    who: 'An admin of the organization',
    fix: 'Open the existing tenant. To add Azure subscriptions to it, use “Add Existing Subscriptions” there.',
    test: 'The list under Cloud Tenant Setup shows the tenant once, with the status Connected.',
  },
  'tenant-removed': {
    heading: 'The tenant was removed and can still be restored',
    where:
      'When a cloud account is added, or somebody comes back from Microsoft for a tenant that was removed meanwhile.',
    cause:
      'Your organization removed its connection of this kind to the same directory. For seven days it can be restored; a second connection beside it would leave two of them to tell apart.',
    fix: 'Restore it in the section “Removed” under Cloud Tenant Setup. To begin from nothing instead, an owner erases it there, and then it is connected anew.',
    test: 'The list under Cloud Tenant Setup shows the tenant once, with a status other than Removed.',
  },
  'tenant-disabled': {
    heading: 'The tenant is disabled',
    where: 'When an import, a check or a new sign-in is asked for.',
    cause:
      'Somebody disabled the tenant: nothing asks Microsoft about it, and what was imported stays as of that day.',
    fix: 'Enable it on the Settings tab of the tenant. Its access is checked at once, and an import follows.',
    test: 'The status of the tenant is no longer Disabled, and the Imports tab offers to start an import.',
  },
  'import-running': {
    heading: 'An import of this tenant is already running',
    cause: 'Two imports of one tenant never overlap, so that neither overwrites the other.',
    fix: 'Follow the one that runs on the Imports tab, or cancel it and start again.',
    test: 'The Imports tab shows no import in progress and offers to start one.',
  },
  'access-change-running': {
    heading: 'The roles of this subscription are being changed right now',
    cause:
      'A worker is at an earlier change of the same subscription. Two changes at once could take away each other’s role.',
    fix: 'Wait until the earlier change has finished, which takes seconds to minutes, then start again.',
    test: 'The Subscriptions tab names no change in progress for the subscription.',
  },
  'import-interrupted': {
    heading: 'The import was interrupted and has stopped',
    where: 'A run on the Imports tab ends as Failed.',
    cause:
      'The worker that held the run was lost several times: it was killed, ran out of memory, or lost the database. Each time another worker went on from the last page.',
    fix: 'Look into the worker’s log around the time of the run, then start the import again. What was read is kept.',
    test: 'The next run on the Imports tab ends as Completed, and `/api/health` answers `"worker":"ok"`.',
  },
  'rate-limited': {
    heading: 'That was tried too often in a short time',
    where:
      'The sign-in page says “Too many people are signing in at the moment”. The API answers 429 with `Retry-After`.',
    cause:
      'A limit of this portal, not of Microsoft: something was done more often in a few minutes than people do it, mostly by a script or a key that hangs. Limits are for each person, organization or tenant; for beginning to sign in they are for the address one comes from, and for all people together.',
    fix: 'Wait for the time that is named. If people who do nothing unusual cannot begin to sign in, the operator looks at the reverse proxy: without the client’s address in `X-Forwarded-For` everybody counts as one.',
    test: 'The same request works after that time.',
  },
  'signed-out': {
    heading: 'You are not signed in',
    where: 'The API answers 401; a page leads to the sign-in by itself.',
    cause: 'There is no session in this browser, it has ended, or you signed out in another window.',
    fix: 'Sign in. You come back to the page you were on.',
    test: 'Your name stands in the menu at the lower left.',
  },
  // Consent flow
  'state-unknown': {
    heading: 'This page belongs to a connection that we do not know',
    where: 'After coming back from Microsoft.',
    cause:
      'The address was opened without a `state`, with a changed one, or after the connection was removed. Forged redirects look like this too.',
    who: 'Whoever opened the address',
    fix: 'Start again under Cloud Tenant Setup. Nothing was changed.',
    test: 'A connection that is started from “Add Cloud Account” comes back to its own page.',
  },
  'state-expired': {
    heading: 'The connection took longer than it may take',
    where: 'After coming back from Microsoft.',
    cause:
      'The way to Microsoft and back was not finished in time, often because an approval was discussed first.',
    who: 'Whoever started it',
    fix: 'Start again. An approval that was given meanwhile is recognised.',
    test: 'You are back from Microsoft within the time, and the page lists what is being checked.',
  },
  'state-used': {
    heading: 'This answer from Microsoft was already used',
    where: 'After coming back from Microsoft.',
    cause:
      'The page was reloaded, opened from the history, or a link was clicked twice. Each answer counts once.',
    who: 'Whoever started it',
    fix: 'Look at Cloud Tenant Setup: usually the tenant is there. Otherwise start again.',
    test: 'The tenant stands in the list under Cloud Tenant Setup.',
  },
  'state-foreign': {
    heading: 'This connection was started by somebody else or in another browser',
    where: 'After coming back from Microsoft.',
    cause:
      'The browser that came back is signed in as somebody else than the one that left, works in another organization, or is another browser.',
    fix: 'Sign in as the person who started it, in the same browser and organization, or start again yourself.',
    test: 'The page of the connection opens and lists what is being checked.',
  },
  'consent-declined': {
    heading: 'Nothing was approved, and nothing has changed at Microsoft',
    cause: 'Cancel was pressed on Microsoft’s page.',
    fix: 'Start again when ready. The page before Microsoft’s lists what is asked for and why.',
    test: 'After Accept on Microsoft’s page the page of the connection shows the approval as done.',
  },
  'sign-in-cancelled': {
    heading: 'The tenant is approved, but the sign-in was cancelled',
    cause:
      'After the approval of an Office 365 account one signs in once more, because the approval itself does not say who gave it. That sign-in was left. The approval stays at Microsoft as it is.',
    fix: 'Choose Try again on the page of the connection: it leads to the sign-in alone. To take the approval back instead, delete the application under Enterprise applications in the Entra admin center.',
    test: 'The page of the connection names who signed in, and goes on by itself.',
  },
  'admin-needed': {
    heading: 'Your account may not approve this for the tenant',
    cause:
      'Only certain administrators may approve these permissions. Cloud Application Administrator is not enough for application permissions of Microsoft Graph.',
    fix: 'Ask such an administrator to connect the tenant. If the tenant has an approval workflow, wait for the reviewer.',
    test: 'In the Entra admin center, Enterprise applications, this application, Permissions: the permissions are listed as granted for the organization.',
  },
  'wrong-tenant': {
    heading: 'You signed in to another tenant than the one that was expected',
    cause:
      'The account that was chosen lives in another tenant, or the redirect named another tenant than the one that was asked for.',
    who: 'Whoever signed in',
    fix: 'Try again and pick an account of the expected tenant, or connect the other tenant instead. Nothing was stored for either.',
    test: 'The page after the sign-in names the tenant that you meant.',
  },
  'wrong-account': {
    heading: 'The account you chose is not a member or guest of this tenant',
    cause:
      'The browser was signed in with another account, or the account was never invited. Personal accounts cannot be used.',
    who: 'Whoever signed in; an administrator of the tenant for an invitation',
    fix: 'Pick another account. If yours is the right one, let it be invited, accept the invitation, and try again.',
    test: 'In the Entra admin center of the tenant, Users: the account is listed, and its invitation is accepted.',
  },
  'directory-role-missing': {
    heading: 'The account does not hold a role that may connect this tenant',
    cause:
      'A tenant is bound to your organization only by a person who is Global Administrator or Privileged Role Administrator of it. The ID token named other roles or none. A role that is only eligible has to be activated first.',
    fix: 'Start again with such an account. An approval that exists already stays as it is.',
    test: 'In the Entra admin center, Users, the account, Assigned roles: one of the two roles is listed as active.',
  },
  'directory-role-unknown': {
    heading: 'Microsoft did not tell which roles the account has',
    cause:
      'The ID token has no `wids` claim: the app registration does not set `groupMembershipClaims` to `DirectoryRole`.',
    fix: 'In the Entra admin center open the app registration, Manifest, set `groupMembershipClaims` to `DirectoryRole`, save, and start again.',
    test: 'A new connection gets past the check of the person who approves.',
  },
  'no-owned-subscriptions': {
    heading: 'The account may not assign roles on any Azure subscription',
    cause:
      'The person may read subscriptions but not write role assignments (`Microsoft.Authorization/roleAssignments/write`), or sees none. A Global Administrator is not Owner of subscriptions by that role.',
    fix: 'Sign in as somebody who holds such a role, or be given it, then start again. After a new role assignment wait up to ten minutes.',
    test: 'In the Azure portal, Subscriptions, the subscription, Access control (IAM), Check access: the account is Owner or User Access Administrator.',
  },
  'azure-subscription-disabled': {
    heading: 'The subscription is disabled in Azure, which refuses every change to it',
    cause:
      'The subscription is cancelled, its trial or credit has ended, or a payment is missing. Azure keeps it readable for a while but refuses new role assignments, so the portal cannot be given one.',
    fix: 'Enable it in the Azure portal (Subscriptions, choose it, Reactivate), then sign in again on the page of the tenant to add it. A deleted subscription cannot be added.',
    test: 'The Azure portal lists the subscription as Active, and the portal lists it as Added.',
  },
  'flow-interrupted': {
    heading: 'The connection was interrupted before it was complete',
    cause:
      'The portal was restarted, or the connection to Microsoft was lost, after the sign-in and before everything was done.',
    who: 'Whoever started it',
    fix: 'Start again. What was done is recognised by its name and not done twice.',
    test: 'Each line on the page of the connection is checked.',
  },
  'delegation-ended': {
    heading: 'The sign-in that this was done with has ended',
    cause:
      'What needs an administrator’s own rights in Azure is done with the sign-in of that person, which ends after an hour at most, with “Revoke now”, when they sign out of the portal, and when the work is done.',
    who: 'Whoever wants to go on',
    fix: 'Choose “Sign in again” on the page. What was done stays done, and only the rest is tried.',
    test: 'The page names who signed in and how much of the hour is left.',
  },
  // Microsoft: identity
  'tenant-unknown': {
    heading: 'Microsoft knows no such tenant in this cloud',
    cause:
      'The domain is misspelled or not verified in any tenant, the tenant was deleted, or it lives in another national cloud.',
    who: 'Whoever typed it',
    fix: 'Copy the tenant ID or the primary domain from the Entra admin center, Overview. For a tenant of another cloud, this portal’s operator checks `MICROSOFT_CLOUD`.',
    test: 'While you type the domain, the page names the tenant ID it belongs to.',
  },
  'other-cloud': {
    heading: 'The tenant lives in another of Microsoft’s clouds than this portal works with',
    where: 'When a cloud account is added.',
    cause:
      'The tenant exists, but in another of Microsoft’s clouds (global, US Government, DoD, China) than the one this portal is configured for. App registrations and their credentials belong to exactly one cloud.',
    fix: 'Run a second installation for that cloud: set `MICROSOFT_CLOUD` to its name and register the applications in its own Entra admin center. One installation serves one cloud.',
    test: 'In that installation the page names the tenant ID while you type the domain.',
  },
  'consent-required': {
    heading: 'The tenant has not approved the application, or the approval has not arrived yet',
    cause:
      'Nobody approved it, the approval was withdrawn, or it has not reached all of Microsoft’s servers: that takes seconds, sometimes minutes.',
    fix: 'After a new approval wait and check again. If it stays so for 15 minutes, approve again and make sure that it is the right tenant.',
    test: 'In the Entra admin center of the tenant, Enterprise applications lists this application with its permissions granted, and “Check again” in the portal finds them.',
  },
  'sign-in-required': {
    heading: 'Microsoft wants a new sign-in',
    cause: 'The sign-in ended, was revoked, or lacks a second factor.',
    who: 'The person who signed in',
    fix: 'Sign in again and complete what Microsoft asks for.',
    test: 'After the sign-in you are back in the portal, and what had stopped goes on.',
  },
  'blocked-by-policy': {
    heading: 'A Conditional Access rule or another policy of the tenant stopped the sign-in',
    cause:
      'A Conditional Access policy, security defaults, a cross-tenant rule, or “assignment required” on the application.',
    fix: 'Send them code, correlation ID and time. They open the Entra admin center, Monitoring & health, Sign-in logs, search for the correlation ID, and see on the tab Conditional Access which policy it was.',
    test: 'The Entra admin center’s What If tool, with this person and this application, shows no policy that blocks; then the sign-in works.',
  },
  'credential-invalid': {
    heading: 'Microsoft does not accept the secret or certificate of this portal’s application',
    where: 'All tenants are affected.',
    cause:
      'The secret is wrong (often its ID instead of its value) or expired, the certificate is not uploaded, the file cannot be read, or the server’s clock is wrong.',
    fix: 'Create a new secret or upload the certificate, set `MICROSOFT_CLIENT_SECRET`, `MICROSOFT_GRAPH_CLIENT_SECRET` or the certificate’s path, and restart.',
    test: 'Sign in to the portal, then choose “Check again” on any Office 365 account: both work.',
  },
  'application-disabled': {
    heading: 'The application is switched off in this tenant',
    cause: 'Somebody disabled sign-in for the enterprise application.',
    fix: 'Entra admin center, Enterprise applications, the application, Properties: set “Enabled for users to sign-in” to Yes.',
    test: 'The property says Yes, and “Check again” in the portal succeeds after a few minutes.',
  },
  'token-invalid': {
    heading: 'The answer to the sign-in could not be verified',
    cause:
      'The ID token failed a check (signature, issuer, audience, nonce, time), or the login service sent none. A wrong clock or a wrong authority URL are the usual reasons; an attack looks like this too.',
    fix: 'Start again. If it repeats, compare `MICROSOFT_CLOUD` and `MICROSOFT_AUTHORITY_URL` with the cloud of the registration, and synchronise the clock. The log names the check.',
    test: 'A new sign-in succeeds.',
  },
  // Microsoft: resources
  'permission-missing': {
    heading: 'Microsoft refused the access: a permission is missing',
    where: 'Status 403 of Microsoft Graph or Azure.',
    cause:
      'The permission was not approved, was withdrawn, or, in Azure, the role is missing on that subscription. New Azure roles take up to ten minutes.',
    who: 'An administrator who may approve application permissions; for Azure an Owner or User Access Administrator of the subscription',
    fix: 'Look at the Permissions tab: it says what is missing and what that switches off. Approve again.',
    test: 'The Permissions tab shows the permission as present, and the next import reads the part that was missing.',
  },
  'billing-role-missing': {
    heading: 'The portal has no role on the enrollment or billing account',
    where: 'The Enrollments tab says Cannot connect; the tenant may say EA API migration required.',
    cause:
      'Nobody has given the portal’s service principal the role, it was taken away, or the command named the object id of the application instead of that of the service principal. Roles of an enrollment given to applications are not shown in the Azure portal. New ones can take some minutes.',
    who: 'For an enrollment an Enterprise Administrator; for a customer agreement an owner of the billing account',
    fix: 'Migrate the EA API on the Enrollments tab and sign in with such an account, or run the commands there, which have this tenant’s values filled in.',
    test: 'Check on the Enrollments tab: it says Connected, with the month whose costs were returned.',
  },
  'billing-administrator-needed': {
    heading: 'The account may not give roles on the enrollment',
    where: 'After the sign-in of “Migrate EA API”.',
    cause:
      'Only an Enterprise Administrator gives roles on an enrollment. Global Administrator, Owner of subscriptions and the read-only Enterprise Administrator do not.',
    who: 'An Enterprise Administrator of the enrollment, as listed in the Azure portal under Cost Management + Billing, Access control (IAM)',
    fix: 'Start again and sign in with that account, or send the commands of the Enrollments tab to such a person.',
    test: 'The Enrollments tab says Connected.',
  },
  'billing-unsupported': {
    heading: 'Costs of this billing account cannot be read by an application',
    cause:
      'A partner manages the account, it belongs to one person, or its agreement has no costs for applications. This is not about rights.',
    who: 'Nobody: the agreement does not offer it',
    fix: 'Nothing has to be repaired. Subscriptions and resources are read as before. Costs of a partner’s customers are with the partner.',
    test: 'After a change of the agreement, sign in on the Enrollments tab again: the account has another type.',
  },
  'enrollment-unknown': {
    heading: 'Microsoft knows no enrollment of this number',
    cause: 'The number was mistyped, or is that of a contract and not of the enrollment.',
    who: 'Whoever entered the number',
    fix: 'Compare it with the billing account ID in the Azure portal, under Cost Management + Billing, Properties. Remove this one on the Enrollments tab and add the right one.',
    test: 'The migration of the right number ends with Connected.',
  },
  'licence-missing': {
    heading: 'The tenant does not have the service or licence that this needs',
    cause:
      'Microsoft offers this data only with Entra ID P1 or another service that the tenant has not bought or not enabled.',
    fix: 'Nothing has to be repaired. The part stays empty and says so.',
    test: 'Once the tenant has the licence, the next import reads the part.',
  },
  'resource-not-found': {
    heading: 'Microsoft says that this no longer exists',
    cause: 'It was deleted, or an Azure subscription moved to another tenant.',
    who: 'An administrator of the tenant',
    fix: 'Check at Microsoft. A subscription that moved is added again from its new tenant.',
    test: 'The Azure portal or the Entra admin center shows it in the tenant you expect.',
  },
  'principal-not-found': {
    heading: 'Azure has not copied our identity to this region yet',
    cause:
      'The approval created our service principal a moment ago, and the region that handles the role assignment does not know it yet.',
    fix: 'We try again by ourselves. If it is still so after ten minutes, start again.',
    test: 'The subscription is listed as Added.',
  },
  conflict: {
    heading: 'Somebody else is changing the same thing at Microsoft right now',
    where: 'Status 409.',
    cause: 'Two changes met. Microsoft kept one of them.',
    fix: 'Try again in a minute.',
    test: 'The same step works.',
  },
  'role-change-unconfirmed': {
    heading: 'Azure took the change of roles, but does not show it yet',
    cause: 'Azure copies role assignments to its regions one after the other, and the one we ask is behind.',
    fix: 'Try again in a few minutes. Until then the subscription may have both roles, never none.',
    test: 'The change ends as verified, and the Subscriptions tab shows the new access level.',
  },
  'request-rejected': {
    heading: 'Microsoft refused the request',
    cause:
      'A redirect URI or permission is missing in the app registration; a lock, policy or limit in Azure forbids the change; or Microsoft changed its service.',
    who: 'The operator of this portal; for a lock, policy or limit in Azure an Owner of the subscription',
    fix: 'Compare the app registration with the guide, look up the code, and check locks and policies on the subscription. Support of Microsoft finds the request by its ID.',
    test: 'The same step works.',
  },
  'page-expired': {
    heading: 'Microsoft no longer knows where the reading had stopped',
    cause: 'A link to the next page lives a few minutes only; a run that was interrupted came back too late.',
    fix: 'The list is read again from its beginning. Nobody is marked as deleted by an incomplete read.',
    test: 'The run on the Imports tab ends as Completed.',
  },
  throttled: {
    heading: 'Microsoft asks us to slow down',
    where: 'Status 429, or 503 with `Retry-After`.',
    cause: 'The tenant’s or the application’s quota at Microsoft is used up, often by other tools too.',
    fix: 'The import waits as long as Microsoft asks and goes on. If it happens daily, spread the imports or find the other tool.',
    test: 'The import goes on by itself and ends as Completed.',
  },
  'upstream-unavailable': {
    heading: 'Microsoft’s service cannot be reached at the moment',
    cause:
      'An outage at Microsoft, a connection that broke, an answer that was cut off, or a proxy or firewall in between.',
    who: 'Nobody, or the operator where a firewall is in the way',
    fix: 'Try again. If it stays so, check from the server whether the hosts of the cloud in `MICROSOFT_CLOUD` can be reached (docs/operations/clouds.md), and Microsoft’s service health.',
    test: 'From the server each of the hosts answers `curl -I`, and the same step works.',
  },
  'upstream-shape': {
    heading: 'Microsoft answered in a form that we do not understand',
    cause:
      'The answer was complete but not as documented: Microsoft changed something, or the address belongs to something else.',
    fix: 'Check the configured endpoints. Report it with the place that is named and the IDs. The phase is left out, everything else goes on.',
    test: 'The next import ends as Completed.',
  },
  'read-incomplete': {
    heading: 'Microsoft sent fewer users than it had announced',
    where: 'A run ends as Partial.',
    cause: 'The list ended before the number that Microsoft itself had named.',
    fix: 'Nothing was marked as deleted. The next import reads the whole list again; if that is short as well, report it.',
    test: 'The next run ends as Completed, with as many users as the Entra admin center counts.',
  },
  'foreign-link': {
    heading: 'Microsoft’s answer led to another address and was not followed',
    cause:
      'A link to the next page or a redirect named another origin than the configured one: usually an endpoint that is configured by another name than the service uses for itself, otherwise an attempt to steal a token.',
    fix: 'Compare `MICROSOFT_GRAPH_URL`, `MICROSOFT_ARM_URL` and `MICROSOFT_AUTHORITY_URL` with the address that is named. No token was sent there.',
    test: 'The next import ends as Completed.',
  },
  'access-token-expired': {
    heading: 'The access token has expired',
    where: 'When an access token is saved, or on the Access Tokens tab after the daily check.',
    cause:
      'A key of the Enterprise Agreement reporting API lives for six months and cannot be prolonged. The date is the one that the key itself carries.',
    fix: 'Generate a new key in the Azure portal (Cost Management + Billing, the billing scope of the enrollment, Usage + charges, Manage API access keys), add it, and delete the old one here. Better: connect the enrollment by a role, on the Enrollments tab, which does not expire.',
    test: 'The new token stands in the list with the state Valid and a date in the future.',
  },
  'access-token-wrong-enrollment': {
    heading: 'The access token belongs to another enrollment',
    where: 'When an access token is saved, or on the Access Tokens tab after the daily check.',
    cause:
      'A key is for one enrollment. Either the key itself names another one than was typed, or Microsoft’s service answered 400, which it does where the enrollment number does not fit.',
    fix: 'Compare the enrollment number with the one in the Azure portal under Cost Management + Billing, Properties. Then correct the number, or generate the key in the billing scope of the enrollment that you mean.',
    test: 'The token is saved with the state Valid.',
  },
  'access-token-refused': {
    heading: 'Microsoft refused the access token',
    where: 'When an access token is saved, or on the Access Tokens tab after the daily check.',
    cause:
      'The key is complete and, as far as it says, not expired, but the service answered 401 or 403: it was revoked, or replaced when somebody generated a new one in its place. Since Microsoft retired the service on 1 May 2024, it may refuse keys that nobody has touched, too.',
    fix: 'Generate a new key and add it. If that is refused as well, connect the enrollment by a role, on the Enrollments tab.',
    test: 'The new token stands in the list with the state Valid.',
  },
  'ea-reporting-retired': {
    heading: 'Microsoft has retired the service that takes access tokens',
    where: 'A token on the Access Tokens tab has the state Could not check.',
    cause:
      'Microsoft retired the Enterprise Agreement reporting API on 1 May 2024. The service answered that there is no such thing any more, which says nothing about the key.',
    fix: 'Connect the enrollment by a role, on the Enrollments tab. Delete the token when nothing needs it any more.',
    test: 'The enrollment is Connected on the Enrollments tab.',
  },
  // This portal
  'secret-unreadable': {
    heading: 'The portal can no longer read what it has kept encrypted',
    where: 'A token on the Access Tokens tab has the state Could not check.',
    cause:
      'What is kept encrypted names the key that it was encrypted with, and `ENCRYPTION_KEYS` has no key of that id any more, or another one under the same id. A damaged or copied row looks the same.',
    fix: 'Put the earlier key back into `ENCRYPTION_KEYS`, behind the first one. If it is lost, delete the token on the page and add it again.',
    test: 'The next daily check of the token has another result.',
  },
  'storage-full': {
    heading: 'The portal’s database has no room left',
    where:
      'An import waits, then ends as Partial. With the embedded database `/api/health` answers 503 with `"database":"full"`.',
    cause:
      'The disk of the database is full or nearly so. The embedded database stops taking many rows at a time when 64 MB are left, so that everything can still be read.',
    who: 'The operator of this portal',
    fix: 'Free space on the disk, of `DATA_DIR` for the embedded database, or move to a larger one. An import that waits goes on by itself; one that has ended is started again with “Import now”. Nobody was marked as deleted.',
    test: '`/api/health` answers 200, and the next import ends as Completed.',
  },
  'database-unavailable': {
    heading: 'The portal’s database does not answer',
    where: 'In the place of a page; `/api/health` answers 503 with `"database":"unavailable"`.',
    cause:
      'The database process has stopped, its server cannot be reached, or all its connections are in use. What was stored before is not lost by that.',
    who: 'The operator of this portal',
    fix: 'Embedded database: look at the portal’s output for the embedded database and start the portal again if it has ended; free space on the disk of `DATA_DIR`. Own server: check from the portal’s machine that `DATABASE_URL` can be reached. An import that was running goes on by itself.',
    test: '`/api/health` answers 200, and the page comes back by “Try again”.',
  },
  'worker-unavailable': {
    heading: 'No worker of the portal is running',
    where: 'On the Imports tab; `/api/health` answers 503 with `"worker":"unavailable"`.',
    cause:
      'Workers read from Microsoft and check tenants. None has said for a minute that it lives: it was stopped, it crashed, it cannot reach the database, or it was never started beside a portal with `WORKER=separate`.',
    who: 'The operator of this portal',
    fix: 'Start `npm run worker`, or the portal without `WORKER=separate`. If it ends again, look into its log. Imports and checks that wait go on by themselves, where they stopped.',
    test: '`/api/health` answers 200, and the import on the Imports tab goes on.',
  },
  unexpected: {
    heading: 'Something went wrong on the portal’s side',
    where: '“Something went wrong on our side” or “This page could not be shown”, with a request ID or code.',
    cause: 'A defect of the portal, or a part of it that has stopped. The details are in its log only.',
    who: 'The operator of this portal',
    fix: 'Try again. If it happens again, search the portal’s log for the request ID or code, and report what stands there.',
    test: 'The same step works.',
  },
};
