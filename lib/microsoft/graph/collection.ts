import { z } from 'zod';

/** Graph's envelope of a collection. An empty link counts as none. */
export const collectionOf = <T extends z.ZodType>(row: T) =>
  z.object({
    value: z.array(row),
    '@odata.nextLink': z
      .string()
      .nullish()
      .transform((link) => link || undefined),
  });

/** Throughout Graph a member that is missing means the same as null. */
export const NullableText = z
  .string()
  .nullish()
  .transform((text) => text ?? null);

/** A list that may be missing or null. */
export const listed = <T extends z.ZodType>(row: T) =>
  z
    .array(row)
    .nullish()
    .transform((rows) => rows ?? []);
