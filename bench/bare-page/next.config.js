/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // It is built in a temporary folder that links to the portal's packages, which Next refuses to leave otherwise.
  turbopack: { root: '/' },
};
