import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import type { AccessTokenId, TenantId } from '#lib/core/ids.ts';
import { deleteAccessTokenAction } from '../actions.ts';
import { ADD_BUTTON_ID } from './ids.ts';

/** Asks, then deletes an access token. */
export function DeleteAccessToken({
  tenantId,
  accessTokenId,
  enrollmentNumber,
  lastFour,
  rowId,
}: {
  readonly tenantId: TenantId;
  readonly accessTokenId: AccessTokenId;
  readonly enrollmentNumber: string;
  readonly lastFour: string;
  /** What the button belongs to. */
  readonly rowId: string;
}) {
  return (
    <ConfirmDialog
      triggerLabel="Delete"
      triggerSize="small"
      triggerDescribedBy={rowId}
      title="Delete this access token?"
      confirmLabel="Delete"
      tone="danger"
      action={deleteAccessTokenAction}
      fields={{ tenantId, accessTokenId }}
      doneText="The access token is deleted."
      focusWhenGone={ADD_BUTTON_ID}
    >
      <p>
        The key that ends in <code className="font-mono">{lastFour}</code>, of enrollment {enrollmentNumber},
        is erased here and cannot be restored. At Microsoft it stays as it is: to end it there, revoke it in
        the Azure portal.
      </p>
    </ConfirmDialog>
  );
}
