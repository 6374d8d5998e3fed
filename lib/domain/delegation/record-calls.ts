import { randomUUID } from 'node:crypto';
import type { FlowId } from '#lib/core/ids.ts';
import { fail, ok } from '#lib/core/result.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { readRoleChange } from '#lib/microsoft/arm/role-change.ts';
import type { CallWatch, WatchedCall, WatchedOutcome } from '#lib/microsoft/http/watch-calls.ts';
import { toJson } from '../problem-json.ts';
import { ONBOARDING } from './model.ts';

/**
 * Nothing is sent without its line in the receipt, and no line is written once the token is gone. The token of an
 * onboarding is kept nowhere.
 */
const BEGIN_CALL = `
INSERT INTO delegated_call (flow_id, id, at, method, target)
SELECT flow_id, $2, $3, $4, $5 FROM delegation
WHERE flow_id = $1 AND (access_token IS NOT NULL OR purpose = '${ONBOARDING}') AND ended_at IS NULL AND expires_at > $3`;

/**
 * Writes each call to the receipt: a line before it is sent, completed by whatever came of it. A token that has ended
 * meanwhile, in whichever process, lets no further call out: `delegation-ended`.
 */
export function recordCalls(ctx: Ctx, flowId: FlowId): CallWatch {
  const { database, clock } = ctx;
  return {
    async begin(call) {
      const id = randomUUID();
      const { rowCount } = await database.pool.query(BEGIN_CALL, [
        flowId,
        id,
        clock(),
        call.method,
        call.target,
      ]);
      if (rowCount !== 1) return fail({ code: 'delegation-ended' });
      return ok(async (outcome) => {
        await database.prisma.delegatedCall.updateMany({
          where: { flowId, id },
          data: answerOf(call, outcome),
        });
      });
    },
  };
}

/** What a line says once it is known what came of the call. */
export function answerOf(call: WatchedCall, outcome: WatchedOutcome) {
  const { status, requestId, problem, durationMs } = outcome;
  const roleChange = readRoleChange(call, outcome);
  return {
    status,
    requestId,
    problem: problem ? toJson(problem) : Prisma.DbNull,
    durationMs,
    ...(roleChange && { roleChange: toJson(roleChange) }),
  };
}
