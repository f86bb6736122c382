"""Settings: everything that differs between machines comes from the environment or .env."""

from ipaddress import ip_network
from pathlib import Path

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from onestop import engines, environment, logs, stores

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environment.load(BASE_DIR)
VAR_DIR = Path(env.str("VAR_DIR", default=str(VAR_DIR)))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("TESTING", default=False)
# The embedded run (make run) writes its own keys into var/secrets.env; a server sets them itself.
environ.Env.read_env(VAR_DIR / "secrets.env")
SECRET_KEY = env.str("SECRET_KEY")
# Fernet key that encrypts the look-up secrets printed on slips.
LOOKUP_KEY = env.str("LOOKUP_KEY")
# The machine itself may always ask: health checks come by its loopback name.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")
HTTPS = env.bool("HTTPS", default=False)
# How many reverse proxies of our own stand in front: whose X-Forwarded-For says which address a
# request came from.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Covering columns of an index are PostgreSQL's; SQLite makes the same index without them.
SILENCED_SYSTEM_CHECKS = ["models.W040"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    # Its table stands empty (SESSION_ENGINE); its migrations are noted in every database.
    "django.contrib.sessions",
    "django.contrib.messages",
    # The template of sitemap.xml.
    "django.contrib.sitemaps",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "onestop.apps.StaticConfig",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_include_bootstrap",
    "onestop.apps.OnestopConfig",
    "onestop.changes",
    "onestop.accounts",
    "onestop.outbox",
    "onestop.files",
    "onestop.jobs",
    "onestop.backups",
    "procedures",
    "dossiers",
    "feedback",
    "citizens",
    "exchange",
    "reports",
    "api",
]

MIDDLEWARE = [
    "onestop.logs.RequestLog",
    # Around all that may answer with a page.
    "api.urls.refusals.as_json",
    "django.middleware.security.SecurityMiddleware",
    "onestop.readable.ReadableOnly",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Behind WhiteNoise: style sheets and scripts are kept, pages are not.
    "onestop.caching.kept_nowhere",
    "onestop.trouble.NewerDatabaseMiddleware",
    "onestop.replica.RemembersSaves",
    "onestop.accounts.sessions.ReadingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "onestop.accounts.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "onestop.trouble.TroubleMiddleware",
]

ROOT_URLCONF = "onestop.urls"
WSGI_APPLICATION = "onestop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "onestop.context.shell",
            ],
            "builtins": [
                "onestop.templatetags.ui",
                "crispy_forms.templatetags.crispy_forms_tags",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# Inputs are drawn from templates/django/forms/, fields and layouts from templates/bootstrap5/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("bootstrap5",)
CRISPY_TEMPLATE_PACK = "bootstrap5"
# A layout that names a field that is not there is a mistake of ours.
CRISPY_FAIL_SILENTLY = False

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'motcua.sqlite3'}")}
# Kept between requests. A new connection of SQLite reads the whole schema, and the last one to close
# writes the log back, waits for the disk and removes it: in a small office at each request.
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A reader that becomes a writer inside a deferred transaction fails at once under load
        # (docs/adr).
        "transaction_mode": "IMMEDIATE",
        # Seconds to wait for another writer. Longer ones only keep more workers from those who
        # read.
        "timeout": 8,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    # A new connection plans anew what this one knows: 34 ms of CPU (docs/adr/0008).
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    options = DATABASES["default"].setdefault("OPTIONS", {})
    # A server that is away is said to be away, not waited for.
    options.setdefault("connect_timeout", 5)
    # The statements of onestop/speed.py are kept by the server from their first run on, with one
    # plan for all values; all others are planned for their values each time (docs/adr/0008).
    options.setdefault("prepare_threshold", 0)
    options.setdefault("options", "-c plan_cache_mode=force_generic_plan")

# A streaming replica of that PostgreSQL, for what reports and dashboards read (onestop/replica.py).
REPLICA_URL = env.str("REPLICA_URL", default="")
# A page says as of when its figures are when they are older than this; older than that it reads from
# the database itself.
REPLICA_SAY_SECONDS = env.int("REPLICA_SAY_SECONDS", default=30)
REPLICA_MOST_SECONDS = env.int("REPLICA_MOST_SECONDS", default=600)
if REPLICA_URL:
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("REPLICA_URL: DATABASE_URL phải là PostgreSQL")
    # As long as a browser remembers its save (onestop/replica.py).
    if REPLICA_MOST_SECONDS >= 3600:
        raise ImproperlyConfigured("REPLICA_MOST_SECONDS: phải dưới 3600 giây")
    DATABASES[engines.REPLICA] = engines.replica_of(DATABASES["default"], env.db("REPLICA_URL"))
    DATABASE_ROUTERS = ["onestop.engines.Router"]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Officer"
AUTHENTICATION_BACKENDS = ["onestop.accounts.whose.OfficerBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign_in"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "onestop.accounts.passwords.StrengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# JSON lines on standard error; no query strings, no personal numbers (onestop/logs.py).
LOGGING = logs.configure(env.str("LOG_LEVEL", default="INFO"))

LANGUAGE_CODE = "vi"
# The sentences that Django's own Vietnamese lacks.
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "gz", "br", "woff", "woff2"]
STATICFILES_DIRS = [BASE_DIR / "static"]
# Where scans, slips and uploads lie: a folder, or a bucket of any S3-compatible store.
FILES_DIR = Path(env.str("FILES_DIR", default=str(VAR_DIR / "files")))
STORAGE_URL = env.str("STORAGE_URL", default="")
# The store that `move_files` is emptying into this one: read where a file has not come over yet.
STORAGE_BEFORE = env.str("STORAGE_BEFORE", default="")
_files = stores.backend(STORAGE_URL, folder=FILES_DIR, key=env.str)
STORAGES = {
    "default": stores.while_moving(
        _files, stores.backend(STORAGE_BEFORE, folder=FILES_DIR, key=env.str)
    )
    if STORAGE_BEFORE
    else _files,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not (DEBUG or TESTING)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Django's sessions in the database, with their owner (onestop/accounts/models/sessions.py).
SESSION_ENGINE = "onestop.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "onestop.accounts.views.session.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "onestop.jobs.caching.ForgivingRedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_EAGER", default=False)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="motcua@localhost")

# Uploads: several scans a dossier; content is checked in onestop/files.
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20 * 1024 * 1024)
# The provider of electronic receipts; empty: numbers and links are typed by hand.
E_RECEIPT_PROVIDER = (
    env.str("E_RECEIPT_PROVIDER", default="") or "dossiers.receipts_out.over_http.by_settings"
)
E_RECEIPT_URL = env.str("E_RECEIPT_URL", default="")
E_RECEIPT_TOKEN = env.str("E_RECEIPT_TOKEN", default="")
E_RECEIPT_SECONDS = env.float("E_RECEIPT_SECONDS", default=15.0)
# Signing results (PAdES): the keys of the software token (a PKCS#12 file, or a folder with one for each
# agency), its password, a time-stamping authority; or the name of what makes another signer.
SIGN_KEY = env.str("SIGN_KEY", default="")
SIGN_PASSWORD = env.str("SIGN_PASSWORD", default="")
SIGN_TSA_URL = env.str("SIGN_TSA_URL", default="")
SIGN_WITH = env.str("SIGN_WITH", default="") or (
    "onestop.signatures.token.by_settings" if SIGN_KEY else ""
)
# A folder of certificates whose signatures are believed; how long signing or checking one file takes.
SIGN_TRUST = env.str("SIGN_TRUST", default="")
SIGN_SECONDS = env.float("SIGN_SECONDS", default=30.0)
# Each file that a person sends is shown to clamd first; empty: none is used.
CLAMD_URL = environment.clamd(env.str("CLAMD_URL", default=""))
# How long one check may take, all of it.
CLAMD_SECONDS = env.float("CLAMD_SECONDS", default=20.0)
# With less room than this on a disk the server says that it is not ready.
STORAGE_MIN_FREE_BYTES = env.int("STORAGE_MIN_FREE_BYTES", default=500 * 1024 * 1024)
# One request of an officer (also the web server's limit), one of anybody else: asked before a body
# is read.
REQUEST_MAX_BYTES = env.int("REQUEST_MAX_BYTES", default=110 * 1024 * 1024)
ANONYMOUS_MAX_BYTES = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "onestop.uploads.KnownFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600
# Days that a draft of the counter is kept after it was saved last.
# The furthest an apology may put off a promise, in working days from the day it stood on (or from
# the apology, when that has passed).
REAPPOINTMENT_WORKING_DAYS = env.int("REAPPOINTMENT_WORKING_DAYS", default=60)
# How many working days after the day of reception a reception made by mistake may still be voided.
VOID_RECEPTION_WORKING_DAYS = env.int("VOID_RECEPTION_WORKING_DAYS", default=0)
# How many working hours whoever is urged (đôn đốc) has for the answer, where the urging says nothing else.
URGING_ANSWER_HOURS = env.int("URGING_ANSWER_HOURS", default=8)
DRAFT_KEPT_DAYS = env.int("DRAFT_KEPT_DAYS", default=30)
# A report that counts more dossiers than this (a list: a tenth of it in lines) is made by a worker.
REPORT_DIRECT_ROWS = env.int("REPORT_DIRECT_ROWS", default=20_000)
# Other systems that may send to us: name=secret, by commas (docs/operations.md, "What portals send"). How
# much one message may be, for how many days its text is kept, how long one file may be fetched, which hosts
# may stand at addresses inside.
EXCHANGE_SECRETS = env.dict("EXCHANGE_SECRETS", default={})
EXCHANGE_MAX_BYTES = env.int("EXCHANGE_MAX_BYTES", default=8 * 1024 * 1024)
EXCHANGE_RAW_DAYS = env.int("EXCHANGE_RAW_DAYS", default=90)
EXCHANGE_FETCH_SECONDS = env.int("EXCHANGE_FETCH_SECONDS", default=60)
EXCHANGE_INSIDE = env.list("EXCHANGE_INSIDE", default=[])
# The systems that are told what happens here, as a JSON file lists them (docs/operations.md).
EXCHANGE_PEERS = environment.listed(env.str("EXCHANGE_PEERS", default=""))
# Administrators are told when something has waited so long to be sent.
EXCHANGE_ALARM_HOURS = env.int("EXCHANGE_ALARM_HOURS", default=4)
# Citizens' sign-in by OpenID Connect (docs/operations.md, "Citizens sign in"); no issuer: there is none.
CITIZEN_OIDC_ISSUER = env.str("CITIZEN_OIDC_ISSUER", default="")
CITIZEN_OIDC_CLIENT_ID = env.str("CITIZEN_OIDC_CLIENT_ID", default="")
CITIZEN_OIDC_CLIENT_SECRET = env.str("CITIZEN_OIDC_CLIENT_SECRET", default="")
CITIZEN_OIDC_NAME = env.str("CITIZEN_OIDC_NAME", default="VNeID")
CITIZEN_OIDC_SCOPE = env.str("CITIZEN_OIDC_SCOPE", default="openid")
CITIZEN_OIDC_ACR = env.str("CITIZEN_OIDC_ACR", default="")
CITIZEN_OIDC_ALGORITHMS = environment.public_key_algorithms(
    env.list("CITIZEN_OIDC_ALGORITHMS", default=["RS256", "PS256", "ES256"])
)
CITIZEN_OIDC_CA_FILE = env.str("CITIZEN_OIDC_CA_FILE", default="")
# What the provider calls assurance level, identity number and name.
CITIZEN_OIDC_LEVEL_CLAIM = env.str("CITIZEN_OIDC_LEVEL_CLAIM", default="IAL")
CITIZEN_OIDC_LEVEL_MIN = environment.assurance(env.int("CITIZEN_OIDC_LEVEL_MIN", default=2))
CITIZEN_OIDC_NUMBER_CLAIM = env.str("CITIZEN_OIDC_NUMBER_CLAIM", default="SoDinhDanh")
CITIZEN_OIDC_NAME_CLAIM = env.str("CITIZEN_OIDC_NAME_CLAIM", default="HoVaTen")
# What kind of account it is: which kinds are a citizen's (none named: no account of which one is said), and what
# only the account of an organisation has.
CITIZEN_OIDC_KIND_CLAIM = env.str("CITIZEN_OIDC_KIND_CLAIM", default="LoaiTaiKhoan")
CITIZEN_OIDC_KINDS = env.list("CITIZEN_OIDC_KINDS", default=[])
CITIZEN_OIDC_ORGANISATION_CLAIMS = env.list(
    "CITIZEN_OIDC_ORGANISATION_CLAIMS", default=["MaSoDoanhNghiep", "TenDoanhNghiep"]
)
# Whether citizens may begin a payment themselves, at the look-up and at /cua-toi/: off, because the
# national portal is the place for it; what the counter asks for is paid all the same.
CITIZENS_MAY_PAY = env.bool("CITIZENS_MAY_PAY", default=False)
# Whether citizens may send, at /cua-toi/, what is asked of them to complete a dossier: off for the same reason.
CITIZENS_MAY_UPLOAD = env.bool("CITIZENS_MAY_UPLOAD", default=False)
# When everybody is told what there is to do, each working morning (HH:MM).
DIGEST_AT = environment.clock(env.str("DIGEST_AT", default="07:00"))

# Where each night's backup goes; empty: none is made by schedule. How many days' are kept beside the
# first of each of twelve months; age public keys it is encrypted to; the hours after which the newest
# is too old.
BACKUP_DIR = env.str("BACKUP_DIR", default="")
BACKUP_KEEP = env.int("BACKUP_KEEP", default=14)
BACKUP_RECIPIENT = env.list("BACKUP_RECIPIENT", default=[])
BACKUP_ALARM_HOURS = env.int("BACKUP_ALARM_HOURS", default=26)

DEMO = env.bool("DEMO", default=False)
# What every demo account signs in with; make run makes one up and prints it.
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")
# Idle sign-out (R-140): minutes for officers, for administrators.
IDLE_MINUTES = env.int("IDLE_MINUTES", default=15)
IDLE_MINUTES_ADMIN = env.int("IDLE_MINUTES_ADMIN", default=5)
LOCKOUT_FAILURES = 5
# Second factor (R-142). "required": administrators always, everybody from outside the office;
# "offered": nobody has to, who has one is asked for it. A demo has to be seen within a minute.
SECOND_FACTOR = env.str("SECOND_FACTOR", default="offered" if DEMO else "required")
if SECOND_FACTOR not in ("required", "offered"):
    raise ImproperlyConfigured("SECOND_FACTOR: required hoặc offered")
# Where the office's own screens stand, as networks. None given: everything counts as inside.
OFFICE_ADDRESSES = [
    ip_network(one.strip(), strict=False) for one in env.list("OFFICE_ADDRESSES", default=[])
]

# The scheduler (beat). Each task is idempotent and safe at any time; those bound to working hours
# look at the clock themselves.
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "dossiers.slip_pdf": {"queue": "slips"},
    "dossiers.sweep_slips": {"queue": "slips"},
    "procedures.draw_edition": {"queue": "slips"},
    "procedures.sweep_editions": {"queue": "slips"},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
