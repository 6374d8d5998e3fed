import { Cloud, Database, type LucideIcon, ReceiptText, Users } from 'lucide-react';

export type NavigationItem = { readonly label: string; readonly href: string; readonly icon: LucideIcon };
export type NavigationGroup = { readonly label: string; readonly items: readonly NavigationItem[] };

/** The pages of the portal that the menu leads to, in the order of the work: connect first, then look. */
export const NAVIGATION: readonly NavigationGroup[] = [
  { label: 'Setup', items: [{ label: 'Cloud Tenant Setup', href: '/setup/cloud-tenants', icon: Cloud }] },
  {
    label: 'Microsoft 365',
    items: [
      { label: 'Licenses', href: '/licenses', icon: ReceiptText },
      { label: 'Users', href: '/users', icon: Users },
    ],
  },
  { label: 'Settings', items: [{ label: 'Data', href: '/settings/data', icon: Database }] },
];
