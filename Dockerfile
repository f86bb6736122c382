# One image for web, worker and beat. No root, nothing but the runtime in it.
FROM python:3.11-slim-bookworm AS build
COPY requirements.lock /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.lock

FROM python:3.11-slim-bookworm
# What WeasyPrint draws slips with; without the subset library fonts are cut in Python; these fonts carry Vietnamese.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin motcua \
    && install -d -o motcua -g motcua /srv/motcua /srv/motcua/files /srv/motcua/backups
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=onestop.settings \
    VAR_DIR=/srv/motcua \
    STATIC_ROOT=/app/static-built \
    BIND=0.0.0.0:8000
RUN SECRET_KEY=build LOOKUP_KEY=build VAR_DIR=/tmp/build python manage.py collectstatic --noinput -v 0 \
    && rm -rf /tmp/build \
    && python -m compileall -q onestop procedures dossiers
USER motcua
VOLUME /srv/motcua/files /srv/motcua/backups
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/song/', timeout=4)"]
CMD ["gunicorn", "-c", "python:onestop.gunicorn_conf", "onestop.wsgi"]
