# Two stages: everything is built in the first, only what runs is in the second.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY mappings.example.yaml ./
COPY config ./config

# The settings, the mapping file and the journal are mounted; the journal's folder belongs to the user that runs.
RUN mkdir -p /var/lib/presence-bridge && chown node:node /var/lib/presence-bridge
USER node
VOLUME /var/lib/presence-bridge
# Two threads allocate; with one arena between them the process is some 10 to 20 MB smaller.
ENV MALLOC_ARENA_MAX=1
# 8787 private (probes, metrics, page), 8788 public (consoles, behind TLS at the ingress)
EXPOSE 8787 8788

# Alive, not ready: a platform that is down is no reason to restart the bridge.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8787/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=8", "dist/cli/main.js"]
CMD ["start", "--settings", "/etc/presence-bridge/bridge.yaml"]
