# Fanfare without Redis: gateway, api and worker in one image, chosen by FANFARE_ROLES.
#
# The socket listener is uWebSockets.js as packed for npm. To swap in its makers' own build, replace the
# optional dependency before `npm ci`: npm install --save-optional uWebSockets.js@uNetworking/uWebSockets.js#VERSION
# (a version whose binaries are for Node 20 and glibc; needs git in the first stage). Nothing else changes:
# the program imports it by the name uWebSockets.js, and FANFARE_TRANSPORT=uws refuses to start without it.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Of uWebSockets.js' 250 MB nearly all are binaries for other systems and other versions of Node.
RUN npm ci --omit=dev --no-audit --no-fund \
  && find node_modules -path '*/uWebSockets.js/uws_*.node' \
    ! -name "uws_$(node -p '[process.platform, process.arch, process.versions.modules].join("_")').node" -delete

FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    FANFARE_DATA_DIR=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
USER node
VOLUME /data
EXPOSE 7070 7071
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.FANFARE_API_PORT || 7070) + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and handles SIGTERM itself: it drains for up to 30 s.
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/server/main.js"]
