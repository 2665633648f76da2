import type { NextConfig } from 'next';

const isDev = process.env.NODE_ENV === 'development';
const gateway = process.env.CLX_GATEWAY ?? 'http://127.0.0.1:8000';

// Rewrites and static export exclude each other, so development talks to a running server and the
// build knows nothing of one.
const config: NextConfig = {
  reactStrictMode: true,
  images: { unoptimized: true },
  // `npm run check` has the type check; doing it again here would double the time of a build.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: import.meta.dirname },
  ...(isDev
    ? { rewrites: async () => [{ source: '/v1/:path*', destination: `${gateway}/v1/:path*` }] }
    : { output: 'export' }),
};

export default config;
