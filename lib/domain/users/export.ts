import type { Pool } from 'pg';
import { deny } from '#lib/access/permissions.ts';
import { type CsvCell, type CsvFile, csvLine } from '#lib/core/csv.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { listSources } from '#lib/domain/licensing/sources.ts';
import { limitMember } from '#lib/domain/limits/limit.ts';
import type { UserFilter } from './model.ts';
import { conditionsOf, parameters, type Scope, scopeOf, tenantCondition } from './statement.ts';

/** The columns in their order, and where they come from. The first 22 are a promise to programs that read the file. */
const COLUMNS: ReadonlyArray<readonly [name: string, sql: string]> = [
  ['Id', 'u.id::text'],
  ['DisplayName', 'u.display_name'],
  ['CompanyName', 'u.company_name'],
  ['Department', 'u.department'],
  ['Mail', 'u.mail'],
  ['GivenName', 'u.given_name'],
  ['Surname', 'u.surname'],
  ['JobTitle', 'u.job_title'],
  ['State', 'u.state'],
  ['PostalCode', 'u.postal_code'],
  ['StreetAddress', 'u.street_address'],
  ['City', 'u.city'],
  ['PreferredLanguage', 'u.preferred_language'],
  ['UsageLocation', 'u.usage_location'],
  ['AssignedLicenses', "array_to_string(u.sku_ids, ';')"],
  ['UserPrincipalName', 'u.user_principal_name'],
  ['OfficeLocation', 'u.office_location'],
  ['OnPremisesExtensionAttributes', 'u.on_premises_extension_attributes'],
  ['Country', 'u.country'],
  ['UserType', 'u.user_type'],
  ['AccountEnabled', 'u.account_enabled'],
  ['ManagerId', 'u.manager_id::text'],
  ['TenantId', 'u.directory_id::text'],
  ['TenantName', 'u.tenant_name'],
];
const ID_COLUMN = 0;

/**
 * The users that a filter means, as a CSV file in ascending order of their ids, with all fields. It is read as it is
 * written: memory does not depend on its size, and it reads on only as fast as the reader takes it.
 * Problems: forbidden, rate-limited; not-found for a tenant that is not the organization's.
 */
export async function exportUsers(ctx: Ctx, filter: UserFilter): Promise<Result<CsvFile>> {
  const denied = deny(ctx.actor, 'users.read');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'export');
  if (limited) return limited;
  const sources = await listSources(ctx);
  const selected = sources.filter(({ tenantId }) => !filter.tenant || tenantId === filter.tenant);
  if (filter.tenant && selected.length === 0) return fail({ code: 'not-found', entity: 'tenant' });
  // Several directories are read side by side, each in smaller steps, so that they take no more memory than one.
  const step = Math.max(100, Math.floor(ROWS_READ / selected.length));
  const tenants = selected
    .toSorted((a, b) => (a.directoryId < b.directoryId ? -1 : 1))
    .map(({ tenantId }) => usersOf(ctx.database.pool, scopeOf(ctx, tenantId), filter, step));
  return ok({
    fileName: `users-${ctx.clock().toISOString().slice(0, 10)}.csv`,
    chunks: textOf(mergeById(tenants)),
  });
}

/** How many users are in memory at a time. */
const ROWS_READ = 250;

/** The text is handed on in pieces of about this many characters. */
const CHUNK_CHARACTERS = 64 * 1024;

type Line = readonly CsvCell[];

async function* textOf(stretches: Sequence): AsyncGenerator<string, void, undefined> {
  // At once, so that the download begins before the first users are read.
  yield csvLine(COLUMNS.map(([name]) => name));
  let text = '';
  for await (const lines of stretches) {
    for (const line of lines) {
      text += csvLine(line);
      if (text.length < CHUNK_CHARACTERS) continue;
      yield text;
      text = '';
    }
  }
  if (text) yield text;
}

/**
 * The users of one tenant in ascending order of their ids. The filter is applied to one stretch of ids after the
 * other: each row is read once, whatever the filter finds, and no statement takes long.
 */
async function* usersOf(pool: Pool, scope: Scope, filter: UserFilter, step: number): Sequence {
  const given = parameters();
  const conditions = conditionsOf(filter, given);
  const tenant = tenantCondition(scope, given);
  const after = given.add(FIRST_ID);
  // The stretch is materialized so that the filter cannot become the way to find it. Its last id comes with every
  // row, and with an empty one where nobody in it is meant.
  const text = `
    WITH stretch AS MATERIALIZED (
      SELECT u.*, t.directory_id, t.name AS tenant_name FROM directory_user u JOIN tenant t ON t.id = u.tenant_id
      WHERE ${tenant} AND u.id > ${after}::uuid
      ORDER BY u.id LIMIT ${step}
    )
    SELECT last.id::text, ${COLUMNS.map(([, sql]) => sql).join(', ')}
    FROM (SELECT id FROM stretch ORDER BY id DESC LIMIT 1) AS last
    LEFT JOIN stretch u ON ${conditions.join(' AND ')}
    ORDER BY u.id`;
  for (;;) {
    const { rows } = await pool.query<[string, ...CsvCell[]]>({
      text,
      values: given.values,
      rowMode: 'array',
    });
    const last = rows[0]?.[0];
    if (last === undefined) return;
    given.values[given.values.length - 1] = last;
    const lines = rows.map(([, ...line]) => line).filter((line) => line[ID_COLUMN] !== null);
    if (lines.length > 0) yield lines;
  }
}

/** Before all ids that Microsoft gives. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Several sequences of stretches, each in ascending order of ids, as one; of equal ids that of the earlier sequence
 * comes first.
 */
async function* mergeById(sequences: readonly Sequence[]): Sequence {
  const sources = await Promise.all(sequences.map(async (rest) => ({ rest, lines: await nextOf(rest) })));
  for (;;) {
    const open = sources.filter(({ lines }) => lines.length > 0);
    if (open.length === 0) return;
    // Nothing that is still to be read comes before the end of the stretch that ends first.
    const [bound = ''] = open.map(({ lines }) => idOf(lines.at(-1))).sort();
    const taken: Line[] = [];
    for (const source of open) {
      const beyond = source.lines.findIndex((line) => idOf(line) > bound);
      taken.push(...source.lines.splice(0, beyond < 0 ? source.lines.length : beyond));
      if (source.lines.length === 0) source.lines = await nextOf(source.rest);
    }
    yield taken.sort((a, b) => (idOf(a) < idOf(b) ? -1 : Number(idOf(a) > idOf(b))));
  }
}

type Sequence = AsyncGenerator<Line[], void, undefined>;

const nextOf = async (sequence: Sequence): Promise<Line[]> => (await sequence.next()).value ?? [];

const idOf = (line: Line | undefined): string => String(line?.[ID_COLUMN] ?? '');
