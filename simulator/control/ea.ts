import { type ControlApp, readBody } from '../control.ts';
import { issueEaKey } from '../state/ea-keys.ts';
import type { World } from '../state/world.ts';
import { EaKeyRevocation, NewEaKey } from './schemas.ts';

/** Control of the keys of the EA reporting API. */
export function eaControl(app: ControlApp, world: World): void {
  app.post('/_control/ea-keys', async (c) => {
    const body = await readBody(c, NewEaKey);
    if (!body.ok) return body.answer;
    return c.json(issueEaKey(world, body.value), 201);
  });

  app.post('/_control/ea-keys/revoke', async (c) => {
    const body = await readBody(c, EaKeyRevocation);
    if (!body.ok) return body.answer;
    const revoked = world.eaKeys.filter(
      ({ enrollmentNumber }) => enrollmentNumber === body.value.enrollmentNumber,
    );
    for (const key of revoked) key.revoked = true;
    world.changed();
    return c.json({ revoked: revoked.length });
  });
}
