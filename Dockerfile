# The bot as it runs in production (docs/production.md): `make image`.
# Both stages begin with Debian, and Python is Debian's too: one supplier, who mends both, and a build takes what is mended
# on its day. The tag says which Debian, not which of the images that bear it in turn. Pin it to what you have looked at:
# after a pull, docker inspect --format '{{index .RepoDigests 0}}' debian:trixie-slim
# names its digest; --build-arg DEBIAN=debian:trixie-slim@sha256:… builds from exactly that one.
ARG DEBIAN=debian:trixie-slim

FROM ${DEBIAN} AS installed
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      ca-certificates python3 python3-venv
WORKDIR /opt/aikeys
COPY requirements.run.lock ./
COPY deploy/install.sh deploy/
# Before the code, so that a change of the code alone is built in seconds.
RUN mkdir bot commands store && sh deploy/install.sh
COPY bot bot
COPY commands commands
COPY store store
COPY docs/runbook.md docs/
COPY manifest.yml pyproject.toml LICENSE ./
RUN .venv/bin/python -m compileall -q bot commands store && rm -r deploy

FROM ${DEBIAN}
# PostgreSQL's major version for dumps of the wallet's database, at least as new as that one: its server is needed to
# restore each dump and count it (docs/backups.md). Empty leaves it out, and 300 MB with it (LLVM, mostly).
ARG POSTGRES=17
# git reads the wallet's repository (ssh for one that is private), tini is process 1: it passes SIGTERM on, and buries
# whatever a killed git or PostgreSQL leaves behind.
RUN set -eu; \
    mkdir -p /etc/postgresql-common; \
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      ca-certificates git openssh-client python3 tini tzdata ${POSTGRES:+postgresql-$POSTGRES}; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/log/apt /var/log/dpkg.log; \
    groupadd --gid 10001 aikeys; \
    useradd --uid 10001 --gid 10001 --home-dir /var/lib/aikeys --no-create-home --shell /usr/sbin/nologin aikeys; \
    install -d -o 10001 -g 10001 -m 0700 /var/lib/aikeys
# Belongs to root: the bot cannot change what it runs.
COPY --from=installed /opt/aikeys /opt/aikeys

LABEL org.opencontainers.image.title="AIKeys Ops" \
      org.opencontainers.image.description="The operations runbook of AIKeys Wallet, executable from a Slack channel" \
      org.opencontainers.image.licenses="MIT"

# Nothing secret here: tokens come as files (X_FILE names them), never as build arguments or variables.
ENV PATH=/opt/aikeys/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/var/lib/aikeys \
    AIKEYS_DATA=/var/lib/aikeys

USER 10001:10001
WORKDIR /opt/aikeys
# Whether it is alive, not whether it is ready: something that restarts the unhealthy would, while Slack is away, put a
# bot that waits for Slack in the place of one that goes on looking and sends mail.
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["aikeys", "alive"]
# It finishes what runs within 20 s: give it 40 (docker stop --time 40; compose.yaml does).
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/tini", "--", "aikeys"]
CMD ["run"]
