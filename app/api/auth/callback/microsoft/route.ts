export { handleSignInReturn as GET } from '#lib/auth/handlers.ts';
