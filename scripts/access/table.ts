/*
 * Who may do what: one entry for each page, route handler and server action. `e2e/access.spec.ts` asks all of them
 * over HTTP as every role, with the organization's own ids and with others, and `docs/access.md` is written from here:
 *
 *   node scripts/write-access.ts
 *
 * A new route needs an entry: take the one that is most like it and change what differs. `outcomes` says what each
 * role gets with ids of its organization; foreign ids are `not-found` unless `foreign` says otherwise.
 */
import type { ActionEntry, Entry, HandlerEntry, Outcome, Outcomes, PageEntry } from './model.ts';

/** The same for every member, the stranger included: where no id of the path belongs to an organization. */
const forMembers = (outcome: Outcome): Outcomes => ({
  'signed-out': 'sign-in',
  newcomer: 'welcome',
  viewer: outcome,
  admin: outcome,
  owner: outcome,
  stranger: outcome,
});

/** For the members of the organization whose ids the address has, and for nobody else. */
const forOwnMembers = (outcome: Outcome): Outcomes => ({ ...forMembers(outcome), stranger: 'not-found' });

/** For admins and owners of the organization whose ids the form has. */
const forOwnAdmins = (outcome: Outcome): Outcomes => ({ ...forOwnMembers(outcome), viewer: 'forbidden' });

const forEverybody = (outcome: Outcome): Outcomes => ({
  'signed-out': outcome,
  newcomer: outcome,
  viewer: outcome,
  admin: outcome,
  owner: outcome,
  stranger: outcome,
});

/** For the person who signed in alone, in the test an owner. */
const forWhoSignedIn = (outcome: Outcome): Outcomes => ({ ...forOwnAdmins(outcome), admin: 'not-found' });

/** Data and files: who is not a member gets 401. */
const dataFor = (outcomes: Outcomes): Outcomes => ({
  ...outcomes,
  'signed-out': 'signed-out',
  newcomer: 'signed-out',
});

const page = (
  route: string,
  outcomes: Outcomes,
  more: Partial<Omit<PageEntry, 'type' | 'route' | 'outcomes'>> = {},
): PageEntry => ({ type: 'page', route, outcomes, path: {}, query: {}, ...more });

const handler = (
  method: string,
  route: string,
  outcomes: Outcomes,
  more: Partial<Omit<HandlerEntry, 'type' | 'method' | 'route' | 'outcomes'>> = {},
): HandlerEntry => ({ type: 'handler', method, route, outcomes, path: {}, query: {}, ...more });

const action = (
  file: string,
  name: string,
  at: string,
  outcomes: Outcomes,
  more: Partial<Omit<ActionEntry, 'type' | 'file' | 'name' | 'at' | 'outcomes'>> = {},
): ActionEntry => ({
  type: 'action',
  file,
  name,
  at,
  outcomes,
  takes: 'state-and-form',
  ids: {},
  texts: {},
  ...more,
});

const TENANTS = '/setup/cloud-tenants';
const TENANT_ACTIONS = 'app/(portal)/setup/cloud-tenants/actions.ts';
const IMPORT_ACTIONS = 'app/(portal)/setup/cloud-tenants/[id]/imports/actions.ts';
const LIFECYCLE_ACTIONS = 'app/(portal)/setup/cloud-tenants/lifecycle-actions.ts';
const RECEIPT_ACTIONS = 'app/(portal)/setup/cloud-tenants/[id]/receipts/actions.ts';
const TOKEN_ACTIONS = 'app/(portal)/setup/cloud-tenants/[id]/access-tokens/actions.ts';
/** A whole key that says nothing about itself, of an enrollment whose requests the tests let fail. */
const NOBODYS_KEY = `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.e30.${'A'.repeat(342)}`;
export const UNCHECKED_ENROLLMENT = '70000404';
const CHANGE_ACTIONS = 'app/(portal)/setup/cloud-tenants/[id]/subscriptions/access/actions.ts';
const ENROLLMENT_ACTIONS = 'app/(portal)/setup/cloud-tenants/[id]/enrollments/actions.ts';
const DATA_ACTIONS = 'app/(portal)/settings/data/actions.ts';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const SUBSCRIPTION_ACTIONS = 'app/(portal)/setup/cloud-tenants/[id]/subscriptions/actions.ts';
/** A management group that is not there: nothing is stored. */
const CHOICE = { target: 'group', group: 'none', accessLevel: 'resources' };
const CALLBACK_NOTE =
  'The state of a redirect counts only for the person and the browser that left with it; see decision 7.';

export const TABLE: readonly Entry[] = [
  // Open to everybody.
  page('/', forEverybody('start')),
  page('/signin', { ...forMembers('start'), 'signed-out': 'shown', newcomer: 'start' }),
  page('/welcome', { ...forMembers('start'), newcomer: 'shown' }),
  page('/help/errors', forEverybody('shown'), { note: 'The same for everybody: asks for no session.' }),
  page('/help/errors/[code]', forEverybody('shown'), {
    fixed: { code: 'wrong-account' },
    note: 'The same for everybody: asks for no session.',
  }),
  handler('GET', '/icon.svg', forEverybody('shown')),
  handler('GET', '/api/health', forEverybody('shown'), { note: 'For monitors; names no organization.' }),
  handler('POST', '/api/auth/signin/microsoft', forEverybody('microsoft'), {
    note: 'A form of another site only leads to the sign-in page.',
  }),
  handler('GET', '/api/auth/callback/microsoft', forEverybody('sign-in'), {
    always: { code: 'made-up', state: 'made-up' },
    note: 'Signs in only the browser that began, with an answer of Microsoft’s.',
  }),
  action('app/choose-theme.ts', 'chooseTheme', '/licenses', forEverybody('done'), {
    takes: 'form',
    texts: { theme: 'dark' },
    note: 'A cookie of this browser.',
  }),
  action('app/sign-out.ts', 'signOutAction', '/licenses', forEverybody('sign-in'), { takes: 'nothing' }),

  // For people without an organization.
  action(
    'app/(public)/welcome/actions.ts',
    'createOrganizationAction',
    '/welcome',
    { ...forMembers('start'), newcomer: 'start' },
    { texts: { name: 'Made by the matrix' }, note: 'Who has an organization keeps it; nothing is made.' },
  ),

  // Cloud tenants.
  page(TENANTS, forMembers('shown'), { shows: ['tenant', 'azure-tenant'] }),
  page(`${TENANTS}/add`, { ...forMembers('shown'), viewer: 'refused' }),
  page(`${TENANTS}/connect`, forMembers('shown'), { shows: ['flow'] }),
  page(`${TENANTS}/connect/[flowId]`, forOwnMembers('shown'), { path: { flowId: 'flow' }, shows: ['flow'] }),
  page(`${TENANTS}/[id]`, forOwnMembers('shown'), { path: { id: 'tenant' }, shows: ['tenant'] }),
  page(`${TENANTS}/[id]/access-tokens`, forOwnMembers('shown'), {
    path: { id: 'azure-tenant' },
    shows: ['azure-tenant', 'access-token'],
  }),
  page(`${TENANTS}/[id]/enrollments`, forOwnMembers('shown'), {
    path: { id: 'azure-tenant' },
    shows: ['azure-tenant'],
  }),
  page(`${TENANTS}/[id]/imports`, forOwnMembers('shown'), { path: { id: 'tenant' }, shows: ['tenant'] }),
  page(`${TENANTS}/[id]/imports/[runId]`, forOwnMembers('shown'), {
    path: { id: 'tenant', runId: 'run' },
    shows: ['tenant'],
  }),
  handler('GET', `${TENANTS}/[id]/imports/export`, dataFor(forOwnMembers('shown')), {
    path: { id: 'tenant' },
  }),
  handler('GET', `${TENANTS}/[id]/imports/[runId]/certificate`, dataFor(forOwnMembers('shown')), {
    path: { id: 'tenant', runId: 'run' },
  }),
  page(`${TENANTS}/[id]/permissions`, forOwnMembers('shown'), { path: { id: 'tenant' }, shows: ['tenant'] }),
  page(`${TENANTS}/[id]/settings`, forOwnMembers('shown'), { path: { id: 'tenant' }, shows: ['tenant'] }),
  page(`${TENANTS}/[id]/subscriptions/access`, forOwnMembers('shown'), {
    path: { id: 'azure-tenant' },
    query: { flow: 'delegation' },
    shows: ['azure-tenant'],
  }),
  page(`${TENANTS}/[id]/subscriptions/access/[changeId]`, forOwnMembers('shown'), {
    path: { id: 'azure-tenant', changeId: 'change' },
    shows: ['azure-tenant', 'change', 'subscription'],
  }),
  action(CHANGE_ACTIONS, 'changeAccessAction', `${TENANTS}/[id]`, forOwnAdmins('done'), {
    ids: { tenantId: 'azure-tenant', subscriptionId: 'subscription' },
    texts: { level: 'tags_in_out' },
  }),
  action(
    CHANGE_ACTIONS,
    'undoChangeAction',
    `${TENANTS}/[id]/subscriptions/access/[changeId]`,
    forOwnAdmins('done'),
    { ids: { tenantId: 'azure-tenant', changeId: 'change' } },
  ),
  action(
    CHANGE_ACTIONS,
    'applyChangeAction',
    `${TENANTS}/[id]/subscriptions/access/[changeId]`,
    forOwnAdmins('microsoft'),
    { ids: { tenantId: 'azure-tenant', changeId: 'change' } },
  ),
  action(
    CHANGE_ACTIONS,
    'checkChangeAction',
    `${TENANTS}/[id]/subscriptions/access/[changeId]`,
    forOwnAdmins('done'),
    { ids: { tenantId: 'azure-tenant', changeId: 'change' } },
  ),
  page(
    `${TENANTS}/[id]/settings/remove`,
    { ...forOwnMembers('shown'), viewer: 'refused' },
    { path: { id: 'azure-tenant' }, shows: ['azure-tenant'] },
  ),
  page(`${TENANTS}/removed`, forMembers('shown'), { shows: ['removal'] }),
  page(`${TENANTS}/removed/[removalId]`, forOwnMembers('shown'), {
    path: { removalId: 'removal' },
    shows: ['removal'],
  }),
  handler('GET', `${TENANTS}/removed/[removalId]/file`, dataFor(forOwnMembers('shown')), {
    path: { removalId: 'removal' },
    shows: ['removal'],
  }),
  action(LIFECYCLE_ACTIONS, 'disableTenantAction', `${TENANTS}/[id]/settings`, forOwnAdmins('done'), {
    ids: { tenantId: 'spare-tenant' },
  }),
  action(LIFECYCLE_ACTIONS, 'enableTenantAction', `${TENANTS}/[id]/settings`, forOwnAdmins('done'), {
    ids: { tenantId: 'spare-tenant' },
  }),
  action(
    LIFECYCLE_ACTIONS,
    'takeBackRolesAction',
    `${TENANTS}/[id]/settings/remove`,
    forOwnAdmins('microsoft'),
    {
      ids: { tenantId: 'azure-tenant' },
    },
  ),
  action(
    LIFECYCLE_ACTIONS,
    'removeTenantAction',
    `${TENANTS}/[id]/settings/remove`,
    forOwnAdmins('invalid'),
    {
      ids: { tenantId: 'spare-tenant' },
      texts: { confirmation: 'Not its name' },
      note: 'Only with the name typed; “now” instead of after seven days is for owners.',
    },
  ),
  action(LIFECYCLE_ACTIONS, 'restoreTenantAction', TENANTS, forOwnAdmins('done'), {
    ids: { tenantId: 'removed-tenant' },
  }),
  action(
    LIFECYCLE_ACTIONS,
    'eraseTenantAction',
    TENANTS,
    { ...forOwnAdmins('invalid'), admin: 'forbidden' },
    {
      ids: { tenantId: 'removed-tenant' },
      texts: { confirmation: 'Not its name' },
      note: 'Only with the name typed.',
    },
  ),
  // Settings of the organization.
  page('/settings/data', forMembers('shown'), { note: 'Admins and owners can change what it says.' }),
  action(
    DATA_ACTIONS,
    'switchFieldAction',
    '/settings/data',
    { ...forMembers('done'), viewer: 'forbidden' },
    { texts: { field: 'mail', to: 'on' }, note: 'Of the own organization: takes no id.' },
  ),
  action(
    DATA_ACTIONS,
    'changeRetentionAction',
    '/settings/data',
    { ...forMembers('done'), viewer: 'forbidden' },
    { texts: { days: '400' }, note: 'Of the own organization: takes no id.' },
  ),
  action(DATA_ACTIONS, 'findPersonAction', '/settings/data', forOwnAdmins('done'), {
    ids: { who: 'user' },
    orText: ['who'],
  }),
  action(DATA_ACTIONS, 'erasePersonAction', '/settings/data', forOwnAdmins('not-found'), {
    ids: { tenantId: 'tenant' },
    texts: { id: NOBODY },
    note: 'Here of a person who is not there.',
  }),
  action(DATA_ACTIONS, 'allowImportAgainAction', '/settings/data', forOwnAdmins('not-found'), {
    ids: { tenantId: 'tenant' },
    texts: { id: NOBODY },
    note: 'Here of a person who was not erased.',
  }),
  page(`${TENANTS}/[id]/receipts`, forOwnMembers('shown'), {
    path: { id: 'azure-tenant' },
    shows: ['azure-tenant', 'delegation'],
  }),
  handler('GET', `${TENANTS}/[id]/receipts/[flowId]/export`, dataFor(forOwnMembers('shown')), {
    path: { id: 'azure-tenant', flowId: 'delegation' },
    shows: ['delegation'],
  }),
  page(`${TENANTS}/[id]/subscriptions/commands`, forOwnMembers('shown'), {
    path: { id: 'azure-tenant' },
    shows: ['azure-tenant'],
  }),
  page(`${TENANTS}/[id]/subscriptions/add`, forOwnMembers('shown'), {
    path: { id: 'azure-tenant' },
    query: { flow: 'delegation' },
    shows: ['azure-tenant'],
  }),
  action(SUBSCRIPTION_ACTIONS, 'beginAdditionAction', `${TENANTS}/[id]`, forOwnAdmins('microsoft'), {
    ids: { tenantId: 'azure-tenant' },
    texts: { kind: 'azure' },
  }),
  action(
    SUBSCRIPTION_ACTIONS,
    'addSubscriptionsAction',
    `${TENANTS}/[id]/subscriptions/add`,
    forWhoSignedIn('invalid'),
    {
      ids: { flowId: 'delegation' },
      texts: CHOICE,
      note: 'By the person who signed in. This group is none of theirs.',
    },
  ),
  action(
    SUBSCRIPTION_ACTIONS,
    'signInAgainWithAction',
    `${TENANTS}/[id]/subscriptions/add`,
    forWhoSignedIn('invalid'),
    { ids: { flowId: 'delegation' }, texts: CHOICE, note: 'By the person who signed in.' },
  ),
  action(
    SUBSCRIPTION_ACTIONS,
    'retryFailedAction',
    `${TENANTS}/[id]/subscriptions/add`,
    forWhoSignedIn('delegation-ended'),
    { ids: { flowId: 'delegation' }, note: 'By the person who signed in; here the sign-in has ended.' },
  ),
  page(`${TENANTS}/[id]/receipts/[flowId]`, forOwnMembers('shown'), {
    path: { id: 'azure-tenant', flowId: 'delegation' },
    shows: ['azure-tenant', 'delegation'],
  }),
  action(ENROLLMENT_ACTIONS, 'addEnrollmentAction', `${TENANTS}/[id]/enrollments`, forOwnAdmins('done'), {
    ids: { tenantId: 'azure-tenant' },
    texts: { enrollment: '7654321' },
  }),
  action(
    ENROLLMENT_ACTIONS,
    'removeBillingAccountAction',
    `${TENANTS}/[id]/enrollments`,
    forOwnAdmins('done'),
    { ids: { tenantId: 'azure-tenant' }, texts: { account: '7654321' } },
  ),
  action(
    ENROLLMENT_ACTIONS,
    'checkBillingAccountAction',
    `${TENANTS}/[id]/enrollments`,
    forOwnAdmins('done'),
    { ids: { tenantId: 'azure-tenant' }, texts: { account: '8608480' } },
  ),
  action(
    ENROLLMENT_ACTIONS,
    'migrateEnrollmentAction',
    `${TENANTS}/[id]/enrollments`,
    forOwnAdmins('microsoft'),
    { ids: { tenantId: 'azure-tenant' }, texts: { account: '8608480' } },
  ),
  action(
    ENROLLMENT_ACTIONS,
    'findBillingAccountsAction',
    `${TENANTS}/[id]/enrollments`,
    forOwnAdmins('microsoft'),
    { ids: { tenantId: 'azure-tenant' } },
  ),
  action(
    ENROLLMENT_ACTIONS,
    'finishBillingSignInAction',
    `${TENANTS}/[id]/enrollments`,
    forOwnAdmins('not-found'),
    {
      ids: { tenantId: 'azure-tenant', flowId: 'delegation' },
      note: 'Only for the person who signed in, and for what they signed in for: this sign-in was for something else.',
    },
  ),
  action(
    RECEIPT_ACTIONS,
    'signInAgainAction',
    `${TENANTS}/[id]/receipts/[flowId]`,
    forOwnAdmins('microsoft'),
    {
      ids: { flowId: 'delegation' },
    },
  ),
  action(
    RECEIPT_ACTIONS,
    'revokeNowAction',
    `${TENANTS}/[id]/receipts/[flowId]`,
    { ...forOwnAdmins('done'), admin: 'forbidden' },
    {
      ids: { flowId: 'delegation' },
      note: 'By the person who signed in, and by owners.',
    },
  ),
  action(
    TENANT_ACTIONS,
    'addAccountAction',
    `${TENANTS}/add`,
    { ...forMembers('microsoft'), viewer: 'forbidden' },
    {
      ids: { tenant: 'directory' },
      texts: { kind: 'azure', name: 'Added by the matrix' },
      foreign: { tenant: 'microsoft' },
      note: 'Whether another organization has the directory makes no difference.',
    },
  ),
  action(TENANT_ACTIONS, 'restartFlowAction', `${TENANTS}/connect/[flowId]`, forOwnAdmins('microsoft'), {
    ids: { flowId: 'flow' },
  }),
  action(TENANT_ACTIONS, 'reconnectTenantAction', `${TENANTS}/[id]`, forOwnAdmins('microsoft'), {
    ids: { tenantId: 'tenant' },
  }),
  action(TENANT_ACTIONS, 'checkAgainAction', `${TENANTS}/[id]/permissions`, forOwnAdmins('done'), {
    ids: { tenantId: 'tenant' },
  }),
  action(TENANT_ACTIONS, 'renameTenantAction', `${TENANTS}/[id]/settings`, forOwnAdmins('done'), {
    ids: { tenantId: 'tenant' },
    texts: { name: 'Renamed by the matrix' },
  }),
  action(TOKEN_ACTIONS, 'addAccessTokenAction', `${TENANTS}/[id]/access-tokens`, forOwnAdmins('done'), {
    ids: { tenantId: 'azure-tenant' },
    texts: { enrollmentNumber: UNCHECKED_ENROLLMENT, accessToken: NOBODYS_KEY },
  }),
  action(TOKEN_ACTIONS, 'deleteAccessTokenAction', `${TENANTS}/[id]/access-tokens`, forOwnAdmins('done'), {
    ids: { tenantId: 'azure-tenant', accessTokenId: 'access-token' },
  }),
  action(IMPORT_ACTIONS, 'startImportAction', `${TENANTS}/[id]/imports`, forOwnAdmins('done'), {
    ids: { tenantId: 'tenant' },
  }),
  action(IMPORT_ACTIONS, 'cancelImportAction', `${TENANTS}/[id]/imports`, forOwnAdmins('done'), {
    ids: { tenantId: 'tenant', runId: 'run' },
  }),
  action(IMPORT_ACTIONS, 'retryImportAction', `${TENANTS}/[id]/imports/[runId]`, forOwnAdmins('invalid'), {
    ids: { tenantId: 'tenant', runId: 'run' },
    note: 'The import of the test is complete: there is nothing to retry.',
  }),
  handler('GET', '/api/consent/resolve', dataFor({ ...forMembers('shown'), viewer: 'forbidden' }), {
    query: { tenant: 'directory' },
    isQueryNeeded: true,
    foreign: { tenant: 'shown' },
    note: 'What Microsoft tells everybody, and the organization’s own connections of that directory.',
  }),
  handler('GET', '/api/consent/callback', forEverybody('lost'), {
    always: { code: 'made-up', state: 'made-up' },
    note: CALLBACK_NOTE,
  }),
  handler('GET', '/api/consent/admin-callback', forEverybody('lost'), {
    always: { admin_consent: 'True', state: 'made-up' },
    note: CALLBACK_NOTE,
  }),

  // Licences and users.
  page('/licenses', forMembers('shown'), { query: { tenant: 'tenant' }, shows: ['sku'] }),
  handler('GET', '/licenses/export', dataFor(forMembers('shown')), {
    query: { tenant: 'tenant' },
    shows: ['sku'],
  }),
  handler('GET', '/licenses/purchases/export', dataFor(forMembers('shown')), {
    query: { tenant: 'tenant' },
    shows: ['sku'],
  }),
  page('/licenses/breakdown', forMembers('shown'), {
    query: { tenant: 'tenant', sku: 'sku' },
    foreign: { sku: 'shown' },
    shows: ['tenant'],
  }),
  handler('GET', '/licenses/breakdown/export', dataFor(forMembers('shown')), {
    query: { tenant: 'tenant', sku: 'sku' },
    foreign: { sku: 'shown' },
  }),
  page('/users', forMembers('shown'), {
    query: { tenant: 'tenant', license: 'sku', after: 'cursor' },
    foreign: { license: 'shown', after: 'shown' },
    shows: ['user'],
  }),
  page('/users/[tenantId]/[userId]', forOwnMembers('shown'), {
    path: { tenantId: 'tenant', userId: 'user' },
    shows: ['user', 'tenant'],
  }),
  handler('GET', '/users/export', dataFor(forMembers('shown')), {
    query: { tenant: 'tenant', license: 'sku' },
    foreign: { license: 'shown' },
    shows: ['user'],
  }),
];
