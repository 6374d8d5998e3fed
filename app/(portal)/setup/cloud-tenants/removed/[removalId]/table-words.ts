const WORDS: ReadonlyMap<string, string> = new Map([
  ['directory_user', 'Users'],
  ['subscribed_sku', 'Products'],
  ['sku_snapshot', 'Daily licence figures'],
  ['directory_subscription', 'Purchases of products'],
  ['licensed_group', 'Groups that give licences'],
  ['licence_figure', 'Licence figures by department, country and company'],
  ['directory_user_change', 'History of users'],
  ['erased_person', 'People erased on request'],
  ['directory_sync', 'Place of the next incremental read'],
  ['import_freshness', 'Age of the data'],
  ['azure_subscription', 'Azure subscriptions'],
  ['import_run', 'Imports'],
  ['import_page', 'Pages of imports'],
  ['consent_flow', 'Sign-ins at Microsoft'],
  ['delegation', 'Uses of lent rights'],
  ['role_assignment', 'Recorded roles'],
  ['access_change', 'Changes of access'],
  ['access_change_item', 'Changed subscriptions'],
  ['access_token', 'Access tokens'],
  ['billing_account', 'Billing accounts'],
  ['notice', 'Notices'],
  ['management_group', 'Management groups'],
  ['subscription_addition', 'Additions of subscriptions'],
  ['subscription_addition_item', 'Subscriptions seen by additions'],
]);

/** What the rows of a table are called; a table without words of its own by its name. */
export const wordsOfTable = (table: string): string => WORDS.get(table) ?? table.replaceAll('_', ' ');
