import { formatDay } from '#components/format.ts';
import { ProblemDetails, traceOf } from '#components/problem-words.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { AccessTokenView } from '#lib/domain/access-tokens/queries.ts';
import { daysLeft } from '#lib/domain/notices/model.ts';
import { leftWords } from '../../../_components/notice-words.ts';
import { AccessTokenStateBadge } from './access-token-state.tsx';
import { DeleteAccessToken } from './delete-access-token.tsx';

type Props = {
  readonly tenantId: TenantId;
  readonly tokens: readonly AccessTokenView[];
  readonly mayManage: boolean;
};

/** The kept access tokens, as far as anybody is ever told of them. */
export function AccessTokenTable({ tenantId, tokens, mayManage }: Props) {
  return (
    <DataTable label="Access tokens">
      <TableHead>
        <ColumnHeader sticky>Enrollment</ColumnHeader>
        <ColumnHeader>Ends in</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
        <ColumnHeader>Expires</ColumnHeader>
        <ColumnHeader>Added</ColumnHeader>
        {mayManage ? (
          <ColumnHeader>
            <span className="sr-only">Delete</span>
          </ColumnHeader>
        ) : null}
      </TableHead>
      <TableBody>
        {tokens.map((token) => (
          <AccessTokenRow key={token.accessTokenId} {...{ tenantId, token, mayManage }} />
        ))}
      </TableBody>
    </DataTable>
  );
}

function AccessTokenRow({
  tenantId,
  token,
  mayManage,
}: Omit<Props, 'tokens'> & { readonly token: AccessTokenView }) {
  const { accessTokenId, enrollmentNumber, lastFour, state, problem, checkedAt, addedBy, addedAt } = token;
  const rowId = `access-token-${accessTokenId}`;
  return (
    <TableRow>
      <RowHeader id={rowId}>
        <span className="font-medium tabular-nums">{enrollmentNumber}</span>
      </RowHeader>
      <Cell>
        <code className="whitespace-nowrap font-mono">…{lastFour}</code>
      </Cell>
      <Cell>
        <div className="flex min-w-56 max-w-md flex-col items-start gap-1">
          <AccessTokenStateBadge state={state} />
          {problem ? (
            <>
              <span className="text-caption text-muted">{Object.values(adviceOf(problem)).join(' ')}</span>
              <ProblemDetails code={problem.code} trace={traceOf(problem)} />
            </>
          ) : null}
          <span className="text-caption text-muted">
            Checked <RelativeTime value={checkedAt} />
          </span>
        </div>
      </Cell>
      <Cell>
        <Expiry token={token} />
      </Cell>
      <Cell>
        <div className="flex flex-col">
          <span>{addedBy}</span>
          <span className="text-caption text-muted">
            <RelativeTime value={addedAt} />
          </span>
        </div>
      </Cell>
      {mayManage ? (
        <Cell className="text-right">
          <DeleteAccessToken {...{ tenantId, accessTokenId, enrollmentNumber, lastFour, rowId }} />
        </Cell>
      ) : null}
    </TableRow>
  );
}

function adviceOf(problem: NonNullable<AccessTokenView['problem']>) {
  const { title, action } = describeProblem(problem);
  return { title, action };
}

function Expiry({ token: { expiresAt } }: { readonly token: AccessTokenView }) {
  if (!expiresAt) return <Unknown reason="The key does not say when it expires" />;
  return (
    <div className="flex flex-col">
      <time dateTime={expiresAt.toISOString()} className="whitespace-nowrap">
        {formatDay(expiresAt, 'UTC')}
      </time>
      <span className="whitespace-nowrap text-caption text-muted">
        {leftWords(daysLeft(expiresAt, new Date()))}
      </span>
    </div>
  );
}
