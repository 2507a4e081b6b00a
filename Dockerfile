# nabaa without a compiler or root: built in one stage, run in another.
# A tag may point to another image tomorrow: to build from the one that you have checked, give its
# digest, `--build-arg PYTHON_IMAGE=python:3.11-slim@sha256:…` (docs/operations.md).
ARG PYTHON_IMAGE=python:3.11-slim
FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
COPY pyproject.toml requirements-postgres.lock requirements-build.lock README.md LICENSE NOTICE ./
COPY deploy/install deploy/
COPY nabaa/ nabaa/
COPY config/ config/
COPY ingest/ ingest/
COPY workers/ workers/
# With the driver of PostgreSQL: the archive may be there.
RUN deploy/install /opt/nabaa requirements-postgres.lock

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/nabaa nabaa
COPY --from=build /opt/nabaa /opt/nabaa
ENV PATH=/opt/nabaa/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NABAA_DATA_DIR=/var/lib/nabaa/data \
    NABAA_HEARTBEAT_FILE=/tmp/nabaa.alive
USER nabaa
WORKDIR /var/lib/nabaa
# The daemon touches the file every few seconds while its loop turns.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD find /tmp/nabaa.alive -mmin -1 | grep -q .
ENTRYPOINT ["nabaa"]
CMD ["run"]
