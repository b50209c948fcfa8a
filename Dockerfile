# The API in a small image: built in one stage, run without root in another. It has both engines: with
# SOCIOGRAPH_NEO4J_URI it uses that server, without it the embedded engine, with its data in the volume /data. Callers say
# who they are: `docker exec CONTAINER sociograph keys create NAME --role service` makes a key, without stopping anything.
FROM python:3.11-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
RUN python -m venv /opt/sociograph
COPY pyproject.toml constraints.txt README.md ./
COPY schema schema
COPY resolvers resolvers
COPY graph graph
COPY signals signals
RUN /opt/sociograph/bin/pip install --constraint constraints.txt . \
    && /opt/sociograph/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin sociograph \
    && install --directory --owner=sociograph --group=sociograph --mode=0700 /data
COPY --from=build /opt/sociograph /opt/sociograph

ENV PATH=/opt/sociograph/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SOCIOGRAPH_HOST=0.0.0.0 SOCIOGRAPH_AUTHENTICATION=on SOCIOGRAPH_PORT=8000 SOCIOGRAPH_DATA=/data SOCIOGRAPH_LOG_JSON=true
USER sociograph
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['SOCIOGRAPH_PORT']}/health/ready\")"]
STOPSIGNAL SIGTERM
CMD ["sociograph", "serve"]
