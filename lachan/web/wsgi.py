"""The WSGI application of the pages."""

from django.core.wsgi import get_wsgi_application

from lachan.web.parts import start

start()
application = get_wsgi_application()
