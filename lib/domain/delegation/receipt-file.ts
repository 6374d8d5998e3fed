import { csvLine } from '#lib/core/csv.ts';
import type { Receipt } from './receipts.ts';

/** The columns of the file, one row a call. */
const COLUMNS = [
  'At',
  'Method',
  'Target',
  'Status',
  'Result',
  'RequestId',
  'DurationMs',
  'RoleAssignment',
  'RoleScope',
  'RoleDefinitionId',
  'PrincipalId',
] as const;

/** The calls of a receipt for a spreadsheet: RFC 4180, formula-safe. */
export function receiptCsv({ calls }: Receipt): string {
  const lines = calls.map(({ at, method, target, status, problem, requestId, durationMs, roleChange }) =>
    csvLine([
      at.toISOString(),
      method,
      target,
      status?.toString() ?? '',
      resultOf(status, problem?.code),
      requestId ?? '',
      durationMs?.toString() ?? '',
      roleChange?.change ?? '',
      roleChange?.roleScope ?? '',
      roleChange?.roleDefinitionId ?? '',
      roleChange?.principalId ?? '',
    ]),
  );
  return [csvLine(COLUMNS), ...lines].join('');
}

/** All of a receipt, for the customer's records. */
export function receiptJson({ delegation, calls, isComplete }: Receipt): string {
  const { flowId, directoryId, purpose, subject, state, person, signedIn, startedAt, expiresAt } = delegation;
  const { endedAt, endedWhy } = delegation;
  return JSON.stringify(
    {
      receipt: flowId,
      tenantId: directoryId,
      purpose,
      subject,
      state,
      begunBy: person.name,
      signedInAs: signedIn?.name ?? null,
      signedInObjectId: signedIn?.objectId ?? null,
      from: startedAt ?? null,
      atMostUntil: expiresAt ?? null,
      endedAt: endedAt ?? null,
      endedWhy: endedWhy ?? null,
      isComplete,
      roleAssignments: calls.flatMap(({ at, roleChange }) => (roleChange ? [{ at, ...roleChange }] : [])),
      calls: calls.map(({ problem, roleChange: _, ...call }) => ({
        ...call,
        result: resultOf(call.status, problem?.code),
        ...(problem && 'microsoft' in problem && problem.microsoft?.code && { code: problem.microsoft.code }),
      })),
    },
    null,
    2,
  );
}

/** A call without an answer was interrupted: whether Azure did it is not known. */
export const resultOf = (status: number | undefined, problem: string | undefined): string =>
  problem ?? (status === undefined ? 'no answer' : 'ok');
