/** Azure Resource Manager as our application or as a person. Made by `createMicrosoftClients`. */
export type ArmClient = { readonly endpoint: string };
