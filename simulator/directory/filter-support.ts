/** A filter that Graph refuses. */
export class FilterError extends Error {
  /** True where Graph knows the syntax but refuses the combination. */
  readonly unsupported: boolean;
  constructor(message: string, unsupported = true) {
    super(message);
    this.unsupported = unsupported;
  }
}

type Operator = 'eq' | 'ne' | 'ge' | 'le' | 'in' | 'startswith' | 'not';
/** D default, A advanced, absent: refused. */
type Support = Partial<Record<Operator | 'null', 'D' | 'A'>>;

const TEXT: Support = { eq: 'D', ne: 'A', not: 'A', ge: 'D', le: 'D', in: 'D', startswith: 'D', null: 'A' };

/** Which operators Graph takes on which property. @see https://learn.microsoft.com/graph/aad-advanced-queries */
const SUPPORT: Readonly<Record<string, Support>> = {
  id: { eq: 'D', ne: 'A', not: 'A', in: 'D' },
  userPrincipalName: { eq: 'D', ne: 'A', ge: 'D', le: 'D', in: 'D', startswith: 'D' },
  displayName: { eq: 'D', ne: 'A', not: 'A', in: 'D', startswith: 'D', null: 'A' },
  createdDateTime: { eq: 'D', ne: 'A', not: 'A', ge: 'D', le: 'D', in: 'A' },
  mail: { eq: 'D', ne: 'A', ge: 'D', le: 'D', in: 'D', startswith: 'D' },
  mailNickname: { eq: 'D', ne: 'A', ge: 'D', le: 'D', in: 'D', startswith: 'D' },
  accountEnabled: { eq: 'D', ne: 'A', not: 'A', ge: 'A', le: 'A', in: 'D' },
  department: TEXT,
  city: TEXT,
  country: TEXT,
  state: TEXT,
  surname: TEXT,
  givenName: TEXT,
  jobTitle: TEXT,
  companyName: { eq: 'A', ne: 'A', not: 'A', ge: 'A', le: 'A', in: 'A', startswith: 'A', null: 'A' },
  officeLocation: { eq: 'A', ne: 'A', not: 'A', ge: 'A', le: 'A', in: 'A', startswith: 'A', null: 'A' },
  employeeId: { eq: 'D', ne: 'A', ge: 'D', le: 'D', in: 'D', startswith: 'D' },
  employeeType: { eq: 'A', ne: 'A', ge: 'A', le: 'A', in: 'A', startswith: 'A' },
  usageLocation: { eq: 'D', ne: 'A', ge: 'D', le: 'D', in: 'D', startswith: 'D' },
  userType: { eq: 'D', ne: 'A', not: 'A', in: 'D', null: 'A' },
  onPremisesSyncEnabled: { eq: 'D', ne: 'A', ge: 'A', le: 'A', in: 'A' },
};

/** Whether the operator on the property needs an advanced query; throws where Graph refuses it altogether. */
export function supported(name: string, operator: Operator | 'null'): boolean {
  const level = SUPPORT[name]?.[operator];
  if (!level)
    throw new FilterError(
      `Unsupported or invalid query filter clause specified for property '${name}' of resource 'User'.`,
    );
  return level === 'A';
}
