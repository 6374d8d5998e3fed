/** @type {import('next').NextConfig} */
const nextConfig = {
  distDir: process.env.NEXT_DIST_DIR || '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  // Titles come with the page for everybody, not for search engines alone: streamed behind it, they leave the page
  // without a title for up to a third of a second after each navigation.
  htmlLimitedBots: /.*/,
  // The badge of the development server would cover the user menu in the lower left corner.
  devIndicators: { position: 'bottom-right' },
  // Shuts `/_next/image`, which nothing needs: it would fetch any address of the portal in the name of whoever asks.
  images: { unoptimized: true },
  // `npm run typecheck` checks everything, tests and scripts included, with TypeScript's native compiler, which
  // has no programming interface that Next could call.
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'tsconfig.next.json' },
  // Loaded by Node as they are: they open sockets, read files beside themselves or start threads.
  serverExternalPackages: [
    '@azure/msal-node',
    '@electric-sql/pglite',
    '@prisma/adapter-pg',
    '@prisma/client',
    'pg',
    'pg-boss',
    'pino',
  ],
};

export default nextConfig;
