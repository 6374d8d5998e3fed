/** What a read costs before its parameters are looked at; anything else costs one unit. */
const COSTS: readonly (readonly [RegExp, number])[] = [
  [/\/groups\/[^/]+\/transitiveMembers$/i, 5],
  [/\/groups\/[^/]+\/members$/i, 3],
  [/\/(subscribedSkus|contracts)$/i, 3],
  [/\/directoryObjects\/getByIds$/i, 3],
  [/\/(users|oauth2PermissionGrants|applications)$/i, 2],
  [/\/users\/[^/]+\/(licenseDetails|memberOf)$/i, 2],
  [/\/servicePrincipals\/[^/]+\/appRoleAssignments$/i, 2],
];

const SMALL_PAGE = 20;

/**
 * The resource units that Graph takes from the allowance of application and tenant for a read at this address.
 * @see https://learn.microsoft.com/graph/throttling-limits
 */
export function resourceUnits(address: string): number {
  // The host does not matter, and a link's query may be unreadable.
  const [path = '', query = ''] = address.split('?', 2);
  const parameters = new URLSearchParams(query);
  const top = parameters.get('$top');
  const base = COSTS.find(([pattern]) => pattern.test(path))?.[1] ?? 1;
  const less = Number(parameters.has('$select')) + Number(top !== null && Number(top) < SMALL_PAGE);
  return Math.max(1, base + Number(parameters.has('$expand')) - less);
}

/**
 * The units that an application may use up in a tenant within ten seconds, by the number of its users.
 * @see https://learn.microsoft.com/graph/throttling-limits
 */
export function unitsOfTenSeconds(users: number): number {
  if (users < 50) return 3_500;
  return users <= 500 ? 5_000 : 8_000;
}
