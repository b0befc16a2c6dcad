"""The addresses of the workbench; everything is a plain form."""

from __future__ import annotations

from django.urls import path

from jialiang.console.workbench.views import workbench

urlpatterns = [
    path("workbench/", workbench, name="workbench"),
    path("workbench/<slug:step>", workbench, name="workbench_step"),
]
