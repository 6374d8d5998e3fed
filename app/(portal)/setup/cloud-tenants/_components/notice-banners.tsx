import { formatDay, formatQuantity } from '#components/format.ts';
import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import type { NoticeView } from '#lib/domain/notices/queries.ts';
import { accessTokensPath, enrollmentsPath } from '../paths.ts';
import { expiresWords } from './notice-words.ts';

/** From here on it is urgent. */
const URGENT_DAYS = 7;
/** More would push the page out of sight; they are on the pages of their tenants. */
const SHOWN = 3;

/** What ends soon, the most urgent first. */
export function NoticeBanners({
  notices,
  withTenant = false,
}: {
  readonly notices: readonly NoticeView[];
  /** Names the tenant, where the page is about several. */
  readonly withTenant?: boolean;
}) {
  const shown = notices.slice(0, SHOWN);
  const others = notices.length - shown.length;
  return (
    <>
      {shown.map((notice) => (
        <NoticeBanner key={notice.subjectId} notice={notice} withTenant={withTenant} />
      ))}
      {others > 0 ? (
        <p className="text-muted text-small">
          {formatQuantity(others, 'more credential')} of your tenants {others === 1 ? 'ends' : 'end'} within
          60 days.
        </p>
      ) : null}
    </>
  );
}

function NoticeBanner({
  notice: { tenantId, tenantName, label, happensAt, daysLeft },
  withTenant,
}: {
  readonly notice: NoticeView;
  readonly withTenant: boolean;
}) {
  return (
    <Callout
      tone={daysLeft <= URGENT_DAYS ? 'danger' : 'warning'}
      role="alert"
      title={`${withTenant ? `${tenantName}: the` : 'The'} ${label} ${expiresWords(daysLeft)}.`}
      actions={
        <>
          <ButtonLink href={accessTokensPath(tenantId)} size="small">
            See access tokens
          </ButtonLink>
          <ButtonLink href={enrollmentsPath(tenantId)} size="small" variant="ghost">
            Connect by a role instead
          </ButtonLink>
        </>
      }
    >
      <p>
        {daysLeft <= 0 ? 'It ended on' : 'It ends on'} {formatDay(happensAt, 'UTC')}. Add a new one, or
        connect the enrollment by a role, which does not expire.
      </p>
    </Callout>
  );
}
