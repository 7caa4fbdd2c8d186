"""Some of Python's libraries bring a list of authorities of their own (Stripe's does) and look at no variable. This lets them
believe the proxy's authority as well. Python loads it by PYTHONPATH, which standin sets."""

import importlib.machinery
import importlib.util
import os
import ssl
import sys

_authority = os.environ.get("STANDIN_AUTHORITY")
_load = ssl.SSLContext.load_verify_locations


def _load_with_the_proxys(self, *given, **named):
    _load(self, *given, **named)
    _load(self, cafile=_authority)


if _authority and os.path.isfile(_authority):
    ssl.SSLContext.load_verify_locations = _load_with_the_proxys

# Python loads the first module of this name and no other, so the next one is loaded here.
_here = os.path.dirname(os.path.abspath(__file__))
_others = [path for path in sys.path if os.path.abspath(path or ".") != _here]
_next = importlib.machinery.PathFinder.find_spec("sitecustomize", _others)
if _next and _next.loader:
    _next.loader.exec_module(importlib.util.module_from_spec(_next))
