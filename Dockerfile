# Onrecord in a container: the program in the image, the publication in a volume.
#   docker build -t onrecord .
#   docker run -d --name brief --read-only --tmpfs /tmp --cap-drop ALL -p 127.0.0.1:4870:4870 \
#     -v /srv/brief:/publication --env-file /srv/brief/.env onrecord

FROM node:24-bookworm-slim AS dependencies
WORKDIR /onrecord
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM dependencies AS build
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json vite.config.ts ./
COPY scripts scripts
COPY src src
RUN node scripts/build.ts

FROM node:24-bookworm-slim
WORKDIR /onrecord
COPY package.json LICENSE .env.example ./
COPY templates templates
COPY --from=dependencies /onrecord/node_modules node_modules
COPY --from=build /onrecord/dist dist
RUN ln -s /onrecord/dist/cli/main.js /usr/local/bin/onrecord \
  && mkdir /publication && chown node:node /publication

# uid 1000; the folder that is mounted must be theirs.
USER node
WORKDIR /publication
# In a container loopback is the container's own. A web server stands before it: one proxy.
ENV HOST=0.0.0.0 TRUST_PROXY=1
EXPOSE 4870
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4870}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/onrecord/dist/cli/main.js"]
CMD ["serve"]
