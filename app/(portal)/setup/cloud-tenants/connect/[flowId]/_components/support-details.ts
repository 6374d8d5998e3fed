import type { FlowView } from '#lib/domain/consent/queries.ts';
import { KIND_LABEL } from '#lib/domain/tenants/model.ts';

/** What support needs to find a connection again, here and at Microsoft, as lines of text. */
export function supportDetails(flow: FlowView): string {
  const { flowId, kind, name, directoryId, domain, appId, tenant, problem, startedAt, lines } = flow;
  const cause = problem ?? tenant?.problem;
  const lasting = lines.map(({ title, state, startedAt: from, endedAt: until }) => {
    const times = [from, until].flatMap((at) => at?.toISOString() ?? []).join(' to ');
    return `${title}: ${state}${times && `, ${times}`}`;
  });
  return [
    `Connection: ${flowId}`,
    `Account: ${KIND_LABEL[kind]}, ${name}`,
    `Tenant ID: ${directoryId}`,
    ...(domain ? [`Domain: ${domain}`] : []),
    `Application ID: ${appId}`,
    `Started: ${startedAt.toISOString()}`,
    `State: ${tenant?.status ?? flow.state}${cause ? `, ${cause.code}` : ''}`,
    ...flow.correlationIds.map((id) => `Correlation ID: ${id}`),
    ...lasting,
  ].join('\n');
}
