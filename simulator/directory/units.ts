/** How many units of a SKU the tenant has bought, in relation to the licences assigned when the directory began. */
export type UnitRule =
  | 'ample'
  | 'exact'
  | 'over-assigned'
  | 'warning'
  | 'suspended'
  | 'locked-out'
  | 'all-zero'
  | 'partly-warning'
  | 'free-10000'
  | 'viral-1000000'
  | 'unused';

export type PrepaidUnits = { enabled: number; suspended: number; warning: number; lockedOut: number };

/** What was bought, when `holders` people held the SKU. */
export function prepaidUnits(rule: UnitRule, holders: number): PrepaidUnits {
  const none = { enabled: 0, suspended: 0, warning: 0, lockedOut: 0 };
  const rounded = (value: number) => Math.max(5, Math.ceil(value / 5) * 5);
  switch (rule) {
    case 'ample':
      return { ...none, enabled: rounded(holders * 1.12 + 3) };
    case 'exact':
      return { ...none, enabled: holders };
    case 'over-assigned':
      return { ...none, enabled: Math.floor(holders * 0.95) };
    case 'warning':
      return { ...none, warning: rounded(holders * 1.05) };
    case 'partly-warning':
      return { ...none, enabled: rounded(holders * 0.9), warning: rounded(holders * 0.15) };
    case 'suspended':
      return { ...none, suspended: rounded(holders) };
    case 'locked-out':
      return { ...none, lockedOut: rounded(holders) };
    case 'all-zero':
      return none;
    case 'free-10000':
      return { ...none, enabled: 10_000 };
    case 'viral-1000000':
      return { ...none, enabled: 1_000_000 };
    case 'unused':
      return { ...none, enabled: 500 };
  }
}

/** `capabilityStatus` that goes with the units. */
export function capabilityStatus(rule: UnitRule): string {
  switch (rule) {
    case 'warning':
      return 'Warning';
    case 'suspended':
      return 'Suspended';
    case 'locked-out':
      return 'LockedOut';
    case 'all-zero':
      return 'Deleted';
    default:
      return 'Enabled';
  }
}
