import { z } from 'zod';

/** What the load generator can be told while it runs. */
export const Command = z.object({
  /** Every answer takes so long from now on. */
  latencyMs: z.number().optional(),
  /** So many users of the large directory change now. */
  change: z.int().positive().optional(),
  /** Whether delta pages say how a licence came to a user, which Microsoft does not promise. */
  tellsStates: z.boolean().optional(),
});
export type Command = z.infer<typeof Command>;

/** What it answers to each command. */
export const State = z.object({
  /** In the large directory. */
  users: z.int(),
  /** Answered since it began. */
  graphRequests: z.int(),
});
export type State = z.infer<typeof State>;
