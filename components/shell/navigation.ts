import * as cloud from 'lucide-react/icons/cloud';
import * as database from 'lucide-react/icons/database';
import * as receiptText from 'lucide-react/icons/receipt-text';
import * as users from 'lucide-react/icons/users';
import { type Glyph, glyphOf } from '../ui/glyph.tsx';

export type NavigationItem = { readonly label: string; readonly href: string; readonly icon: Glyph };
export type NavigationGroup = { readonly label: string; readonly items: readonly NavigationItem[] };

/** The pages of the portal that the menu leads to, in the order of the work: connect first, then look. */
export const NAVIGATION: readonly NavigationGroup[] = [
  {
    label: 'Setup',
    items: [{ label: 'Cloud Tenant Setup', href: '/setup/cloud-tenants', icon: glyphOf(cloud) }],
  },
  {
    label: 'Microsoft 365',
    items: [
      { label: 'Licenses', href: '/licenses', icon: glyphOf(receiptText) },
      { label: 'Users', href: '/users', icon: glyphOf(users) },
    ],
  },
  { label: 'Settings', items: [{ label: 'Data', href: '/settings/data', icon: glyphOf(database) }] },
];
