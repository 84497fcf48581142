"""The entry for a web server: `gunicorn config.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What is loaded by now stays. Searched for garbage over and over, it held up every tenth page.
gc.freeze()
