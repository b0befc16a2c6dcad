"""The installation's settings with one address."""

from jialiang.assembly.django_settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.django_same_answer"
