import { licenceErrorWords } from '#app/(portal)/_components/licence-error-words.ts';
import { formatCount, formatQuantity } from '#components/format.ts';
import { filledWith, type Html, html } from '#components/ui/html.ts';
import type { GivingGroup } from '#lib/domain/licensing/origins-model.ts';

const SHOWN = 30;

/** The groups that give a product, and whom they failed. */
export function SkuGroups({
  groups,
  showsTenant,
}: {
  readonly groups: readonly GivingGroup[] | undefined;
  readonly showsTenant: boolean;
}) {
  if (!groups)
    return (
      <p className="text-muted text-small max-xl:max-w-[calc(100vw-4rem)]">
        Groups that give this product are not known: the tenant has not granted GroupMember.Read.All, which it
        need not.
      </p>
    );
  if (groups.length === 0)
    return (
      <p className="text-muted text-small max-xl:max-w-[calc(100vw-4rem)]">No group gives this product.</p>
    );
  return (
    <div className="flex flex-col gap-2 max-xl:max-w-[calc(100vw-4rem)]">
      <h3 className="text-small">Given by {formatQuantity(groups.length, 'group')}</h3>
      <ul
        className="flex flex-col gap-1.5 text-small"
        // As text: a page has hundreds of them.
        {...filledWith(groups.slice(0, SHOWN).map((group) => groupItem(group, showsTenant)))}
      />
      {groups.length > SHOWN ? (
        <p className="text-caption text-muted">and {formatCount(groups.length - SHOWN)} more</p>
      ) : null}
    </div>
  );
}

function groupItem(group: GivingGroup, showsTenant: boolean): Html {
  const { id, displayName, isDynamic, isProcessing, errors, tenantName } = group;
  const failed = errors.reduce((sum, { users }) => sum + users, 0);
  const remarks = [
    showsTenant ? tenantName : '',
    isDynamic ? 'members by a rule' : '',
    isProcessing ? 'Microsoft is still handing out its licences' : '',
  ].filter(Boolean);
  const reasons = errors.map(({ error, users }) => `${licenceErrorWords(error)} (${formatCount(users)})`);
  return html`<li><bdi>${displayName?.trim() || id}</bdi>${remarks.length > 0 && html` <span class="text-muted">${remarks.join(', ')}</span>`}${failed > 0 && html`<span class="block text-danger">${formatQuantity(failed, 'member')} without the whole licence: ${reasons.join(', ')}</span>`}</li>`;
}
