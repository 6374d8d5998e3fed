import { requireMember } from '#lib/auth/member.ts';
import type { Ctx } from '#lib/domain/context.ts';

/** What a page hands to domain functions. Leaves for `/signin` or `/welcome` where there is no member. */
export const signedInContext = (): Promise<Ctx> => requireMember();
