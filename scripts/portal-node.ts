/**
 * How Node runs the portal. Left to itself, V8 lets young objects take up to 48 MB before it looks which of them are
 * still needed, and a file of all users is made of nothing but young objects: with half of that it costs hardly any
 * memory, and pages are no slower.
 */
export const PORTAL_NODE_ARGS: readonly string[] = ['--max-semi-space-size=8'];
