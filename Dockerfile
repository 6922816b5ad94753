# The bot alone; Valkey runs beside it (docker-compose.yml). Slim, not Alpine: the wheels need glibc.
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements/runtime.lock requirements/
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY bots bots
# Nothing is installed later, so pip is not part of the image.
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /venv/bin/pip uninstall --yes --quiet setuptools pip

FROM python:3.13-slim
RUN groupadd --system --gid 10001 bot \
    && useradd --system --uid 10001 --gid bot --no-create-home --home-dir /data --shell /usr/sbin/nologin bot \
    && install --directory --owner=bot --group=bot --mode=0700 /data \
    && install --directory /config \
    && pip uninstall --yes --quiet --root-user-action=ignore pip
COPY --from=build /venv /venv
USER 10001:10001
# An .env in this folder is read at the start, and its ALLOW and DENY again at every SIGHUP.
WORKDIR /config
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data WEB_HOST=0.0.0.0 WEB_PORT=8080 LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
# /healthz is 503 if a part of this process does not work. Not urllib, which would use the container's http_proxy.
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['WEB_PORT']), timeout=2); c.request('GET', '/healthz'); exit(c.getresponse().status != 200)"]
ENTRYPOINT ["minitool-bots"]
CMD ["run"]
