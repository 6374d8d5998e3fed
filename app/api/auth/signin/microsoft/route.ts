export { handleSignInStart as POST } from '#lib/auth/handlers.ts';
