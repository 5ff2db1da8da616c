"""A Django site in one file: sign-in, CSRF, messages, a language, and a view that gives everybody a session.

Started as: python site.py FOLDER. Prints its port when it listens.
"""

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

TEMPLATES = {
    "home.html": """<!doctype html><html lang="en"><head><title>Home</title></head><body>
<p id="user">{{ request.user.username|default:"nobody" }}</p>
{% for message in messages %}<p class="message">{{ message }}</p>{% endfor %}
<form method="post" action="/note/">{% csrf_token %}<input name="text"><button>Keep</button></form>
<form method="post" action="/i18n/setlang/">{% csrf_token %}<input name="language" value="de"><button>Deutsch</button></form>
<p>""" + "A page that is long enough for compression. " * 20 + """</p></body></html>""",
    "registration/login.html": """<!doctype html><html lang="en"><head><title>Sign in</title></head><body>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Sign in</button></form></body></html>""",
}

folder = Path(sys.argv[1])
settings.configure(
    SECRET_KEY="for tests only",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "db.sqlite3")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    # The browser speaks https to the proxy, and the proxy http to this site.
    CSRF_TRUSTED_ORIGINS=["https://site.example"],
    LOGIN_REDIRECT_URL="/",
    LOGOUT_REDIRECT_URL="/",
    LANGUAGES=[("en", "English"), ("de", "Deutsch")],
    USE_TZ=True,
)
django.setup()

from django.contrib import messages  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.signals import user_logged_in  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import redirect, render  # noqa: E402
from django.urls import include, path  # noqa: E402


def home(request):
    return render(request, "home.html")


def note(request):
    messages.success(request, "Kept: " + request.POST["text"])
    return redirect("/")


def everybody(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    response = HttpResponse("counted")
    response.set_cookie("_tracker", "1", max_age=63072000)
    return response


def cookies(request):
    return HttpResponse(" ".join(sorted(request.COOKIES)), content_type="text/plain")


urlpatterns = [
    path("", home),
    path("note/", note),
    path("everybody/", everybody),
    path("cookies/", cookies),
    path("accounts/", include("django.contrib.auth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]


@lambda receiver: user_logged_in.connect(receiver) or receiver
def welcome(sender, request, user, **_):
    messages.info(request, f"Welcome, {user.username}")


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


call_command("migrate", verbosity=0)
get_user_model().objects.create_user("ada", password="analytical")
server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Handler)
print(django.get_version(), server.server_port, flush=True)
server.serve_forever()
