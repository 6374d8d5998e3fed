import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROBLEM_POLICY, type ProblemCode } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { forAll, hostileText, hostileValue, isStorableText, nearly, textsIn } from '#lib/core/testing.ts';
import { DelegationSubject } from '#lib/domain/access-changes/model.ts';
import { isNothing, RolePlan, readRolePlan } from '#lib/domain/access-changes/role-plan.ts';
import { readBillingProof } from '#lib/domain/billing/model.ts';
import { readSteps } from '#lib/domain/consent/model.ts';
import { Incident, Incidents, withIncident } from '#lib/domain/imports/incidents.ts';
import {
  Certificate,
  PhaseRecord,
  plannedPhases,
  RangeCheckpoint,
  runEnd,
  runProgress,
  UserChanges,
  UsersCheckpoint,
} from '#lib/domain/imports/model.ts';
import { sequence } from '#lib/domain/imports/phases/users/plan.ts';
import { StoredAssignments } from '#lib/domain/imports/phases/users/stored-users.ts';
import { PrepaidUnits, ServicePlan } from '#lib/domain/licensing/model.ts';
import { isLeft, keyOfThing, readMicrosoftSide } from '#lib/domain/lifecycle/microsoft-side.ts';
import { SessionIdentity } from '#lib/domain/people/model.ts';
import { readProblem, toJson } from '#lib/domain/problem-json.ts';
import { readCapabilityChecks } from '#lib/domain/tenants/capabilities.ts';
import { StoredProof } from '#lib/domain/tenants/proof.ts';
import { readSubscriptionCheck } from '#lib/domain/tenants/subscription-checks.ts';
import { readTenantCheck } from '#lib/domain/tenants/tenant-check.ts';
import { changeAccessJob, eraseTenantJob, importTenantJob, verifyTenantJob } from '#lib/jobs/contracts.ts';

/*
 * What is read back from JSON columns and from the queue: written by ourselves, but perhaps by an older or a newer
 * version, or by somebody's hand.
 */
const ID = '11111111-aaaa-4bbb-8ccc-000000000001';
const NOW = '2026-11-21T12:00:00.000Z';
const problem = {
  code: 'throttled',
  retryAfterSeconds: 30,
  microsoft: { code: 'TooManyRequests', status: 429 },
};
const PROOF = { state: 'missing', at: NOW, problem };
const codes = Object.keys(PROBLEM_POLICY) as ProblemCode[];

test('a problem that is read can be shown', () =>
  forAll(
    fc.oneof(
      nearly(problem, { code: 'wrong-tenant', expected: ID, actual: ID }),
      fc
        .tuple(fc.constantFrom(...codes), hostileValue)
        .map(([code, rest]) => Object.assign({}, rest, { code })),
      fc.constantFrom(...codes).map((code) => ({ code })),
    ),
    (stored) => {
      const read = readProblem(stored);
      if (!read) return;
      const { title, who, action } = describeProblem(read);
      for (const words of [title, who, action]) expect(words).toEqual(expect.any(String));
    },
    1000,
  ));

test('what is written is storable', () =>
  forAll(fc.dictionary(fc.constantFrom('a', 'b', 'microsoft'), hostileValue), (value) => {
    expect(textsIn(toJson(value)).filter((text) => !isStorableText(text) && text !== '')).toEqual([]);
  }));

test('proofs of billing accounts', () =>
  forAll(nearly({ at: NOW, month: '2026-10', hasCosts: true }), (stored) => {
    const proof = readBillingProof(stored);
    if (proof) expect(proof.month).toMatch(/^\d{4}-\d\d$/);
  }));

test('steps', () =>
  forAll(
    nearly([
      { step: 'approval', state: 'ok', detail: 'x', startedAt: NOW, endedAt: NOW },
      {
        step: 'assign-role',
        subject: { id: ID, name: 'Production' },
        state: 'needs-you',
        problem,
        startedAt: NOW,
      },
    ]),
    (stored) => {
      for (const step of readSteps(stored)) {
        expect(Date.parse(step.startedAt)).not.toBeNaN();
        if (step.problem) expect(describeProblem(step.problem).title).toEqual(expect.any(String));
      }
    },
  ));

test('capabilities', () =>
  forAll(
    nearly({
      licences: { state: 'proven', permission: 'x', checkedAt: NOW },
      users: { state: 'missing', checkedAt: NOW },
    }),
    (stored) => {
      for (const check of Object.values(readCapabilityChecks(stored)))
        expect(Date.parse(check.checkedAt)).not.toBeNaN();
    },
  ));

test('proofs and checks', () =>
  forAll(
    fc.tuple(
      nearly(PROOF),
      nearly({ state: 'proven', checkedAt: NOW, since: NOW, listed: PROOF, read: PROOF }),
      nearly({
        cause: 'person',
        since: NOW,
        endedAt: NOW,
        isOver: false,
        failures: 0,
        progress: { done: 1, all: 2, at: NOW },
        token: PROOF,
        excess: ['x'],
        problem,
      }),
    ),
    ([proof, ofSubscription, ofTenant]) => {
      const { data } = StoredProof.safeParse(proof);
      if (data?.problem) expect(describeProblem(data.problem).title).toEqual(expect.any(String));
      const check = readSubscriptionCheck(ofSubscription);
      if (check) expect(Date.parse(check.checkedAt)).not.toBeNaN();
      const series = readTenantCheck(ofTenant);
      if (series?.problem) expect(describeProblem(series.problem).title).toEqual(expect.any(String));
    },
  ));

describe('an import', () => {
  const phases = plannedPhases('office365').map((phase) => ({
    ...phase,
    state: 'running',
    received: 10,
    expected: 100,
    startedAt: NOW,
    waitingUntil: NOW,
    problem,
  }));

  test('its phases', () =>
    forAll(nearly(...(phases as [unknown, ...unknown[]])), (stored) => {
      const parsed = PhaseRecord.safeParse(stored);
      if (!parsed.success) return;
      const progress = runProgress([parsed.data], new Date(NOW));
      for (const number of [progress.received, progress.ratePerSecond, progress.remainingSeconds])
        expect(number).not.toBeNaN();
      expect(runEnd([parsed.data]).status).toEqual(expect.any(String));
    }));

  test('its incidents', () =>
    forAll(
      nearly({
        counts: { throttled: 1 },
        newest: [{ at: NOW, kind: 'throttled', waitMs: 5, status: 429, requestId: 'theirs' }],
      }),
      (stored) => {
        const parsed = Incidents.safeParse(stored);
        if (!parsed.success) return;
        const more = withIncident(parsed.data, Incident.parse({ at: NOW, kind: 'slow' }));
        expect(Incidents.safeParse(more).success).toBe(true);
      },
    ));

  test('its certificate', () =>
    forAll(
      nearly({
        method: 'incremental',
        expectedBefore: 5,
        expectedAfter: null,
        received: 3,
        distinct: 5,
        leftOut: 0,
        ranges: [{ from: NOW, to: null, isUndated: true, received: 3 }],
        replayed: { changed: 2, removed: 1 },
        checksum: '00ff',
        green: true,
      }),
      (stored) => {
        const parsed = Certificate.safeParse(stored);
        if (parsed.success) expect(Certificate.parse(parsed.data)).toEqual(parsed.data);
      },
    ));

  test('how far a range is', () =>
    forAll(nearly(...(sequence().ranges as [RangeCheckpoint, ...RangeCheckpoint[]])), (stored) => {
      const parsed = RangeCheckpoint.safeParse(stored);
      if (parsed.success) expect(parsed.data.pages).toBeGreaterThanOrEqual(0);
    }));

  test('how licences came to a user', () =>
    forAll(
      nearly([{ error: null, state: 'Active', skuId: ID, disabledPlans: [ID], assignedByGroup: ID }]),
      (stored) => {
        const parsed = StoredAssignments.safeParse(stored);
        if (!parsed.success) return;
        // Hashes are made of them, so the order of the members is always the same.
        for (const assignment of parsed.data)
          expect(Object.keys(assignment)).toEqual([
            'skuId',
            'disabledPlans',
            'assignedByGroup',
            'state',
            'error',
          ]);
      },
    ));

  test('its checkpoint', () =>
    forAll(nearly({ ...sequence(), deltaLink: null, pages: 3 }), (stored) => {
      const parsed = UsersCheckpoint.safeParse(stored);
      if (parsed.success) expect(parsed.data.pages).toBeGreaterThanOrEqual(0);
    }));
});

test.each([changeAccessJob, importTenantJob, verifyTenantJob, eraseTenantJob])(
  'the payload of the job $name',
  ({ payload }) =>
    forAll(nearly({ organizationId: ID, tenantId: ID, runId: ID, changeId: ID, flowId: ID }), (data) => {
      const parsed = payload.safeParse(data);
      if (parsed.success) expect(textsIn(parsed.data).every(isStorableText)).toBe(true);
    }),
);

test('a plan of roles, and the sign-in for it', () => {
  const role = { roleDefinitionId: ID, roleScope: `/subscriptions/${ID}`, name: ID };
  return forAll(
    fc.tuple(
      nearly({ add: role, remove: [role], stays: [{ ...role, why: 'inherited' }], isSeen: true }),
      nearly({ changeId: ID }),
    ),
    ([plan, subject]) => {
      expect(isNothing(readRolePlan(plan))).toEqual(expect.any(Boolean));
      expect(RolePlan.safeParse(plan).success || isNothing(readRolePlan(plan))).toBe(true);
      const parsed = DelegationSubject.safeParse(subject);
      if (parsed.success) expect(isStorableText(parsed.data.changeId)).toBe(true);
    },
  );
});

test('what a removal left at Microsoft', () =>
  forAll(
    nearly([
      {
        kind: 'role-assignment',
        scope: `/subscriptions/${ID}`,
        scopeName: 'Production',
        role: 'Reader',
        name: ID,
        outcome: 'failed',
        at: NOW,
        problem,
      },
      { kind: 'service-principal', appId: ID, objectId: ID, outcome: 'left' },
      { kind: 'app-role', permission: 'User.Read.All', outcome: 'removed' },
      { kind: 'billing-role', account: '8608480', role: 'EnrollmentReader', path: '/x', outcome: 'absent' },
    ]),
    (stored) => {
      for (const thing of readMicrosoftSide(stored)) {
        expect(keyOfThing(thing)).toEqual(expect.any(String));
        expect(isLeft(thing)).toEqual(expect.any(Boolean));
        if (thing.problem) expect(describeProblem(thing.problem).title).toEqual(expect.any(String));
      }
    },
  ));

test('a session names a person', () =>
  forAll(nearly({ personId: ID, sessionVersion: 3, iat: 1 }), (claims) => {
    const parsed = SessionIdentity.safeParse(claims);
    if (parsed.success) expect(parsed.data.sessionVersion).toBeGreaterThan(0);
  }));

test('units and service plans', () =>
  forAll(
    fc.tuple(
      nearly({ enabled: 1, warning: 0, suspended: 0, lockedOut: 0 }),
      nearly({ servicePlanId: ID, servicePlanName: 'X', provisioningStatus: null, appliesTo: 'User' }),
      hostileText,
    ),
    ([units, plan]) => {
      const parsed = PrepaidUnits.safeParse(units);
      if (parsed.success)
        for (const number of Object.values(parsed.data)) expect(Number.isSafeInteger(number)).toBe(true);
      ServicePlan.safeParse(plan);
    },
  ));

test('what a run has changed is counts', () =>
  forAll(
    nearly({ added: 1, changed: 2, removed: 0, restored: 0, licencesAdded: 3, licencesRemoved: 1 }),
    (stored) => {
      const { data } = UserChanges.safeParse(stored);
      for (const count of Object.values(data ?? {})) expect(Number.isInteger(count) && count >= 0).toBe(true);
    },
  ));
