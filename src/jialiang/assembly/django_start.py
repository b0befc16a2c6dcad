"""Starting Django for the commands that need it, and what its database has to say."""

from __future__ import annotations

import argparse
import importlib
import os

import django
from django.db import DatabaseError

from jialiang.assembly.archive_errors import DatabaseNotReady
from jialiang.assembly.settings import current_settings


def start_django() -> None:
    """Check the settings and load the apps."""
    current_settings()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jialiang.assembly.django_settings")
    django.setup()


def run_with_django(module: str, arguments: argparse.Namespace) -> int:
    """Start Django and run the command in a module. Raises DatabaseNotReady where the database does not answer."""
    start_django()
    try:
        status: int = importlib.import_module(module).run(arguments)
    except DatabaseError as problem:
        raise DatabaseNotReady(reason=str(problem).strip().split("\n")[0]) from problem
    return status
