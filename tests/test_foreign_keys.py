"""Django's lazy foreign keys escape the import contracts; here every one is walked."""

from django.apps import apps
from django.conf import settings
from django.db import models

LAYERS = ("security", "governance", "base", "information", "functions", "business", "integration", "console")


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("jialiang.")]


def layer(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def rank(model: type[models.Model]) -> int:
    return [f"jialiang.{name}" for name in settings.APPS_IN_ORDER].index(model._meta.app_config.name)


def foreign_keys() -> list[tuple[type[models.Model], models.ForeignKey]]:
    fields = [(model, field) for model in ours() for field in model._meta.get_fields(include_hidden=True)]
    return [
        (model, field)
        for model, field in fields
        if field.is_relation and field.concrete and field.related_model is not None
    ]


def upward(model: type[models.Model], target: type[models.Model]) -> bool:
    if not target.__module__.startswith("jialiang."):
        return False
    if LAYERS.index(layer(target)) != LAYERS.index(layer(model)):
        return LAYERS.index(layer(target)) > LAYERS.index(layer(model))
    return rank(target) > rank(model)


def test_every_foreign_key_points_down_or_sideways_in_the_order_of_layers_and_apps() -> None:
    found = foreign_keys()
    assert len(found) > 20
    wrong = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model, field in found
        if upward(model, field.related_model)
    ]
    assert not wrong


def test_no_governance_table_points_at_another_app_of_governance() -> None:
    for model, field in foreign_keys():
        if layer(model) == "governance" and layer(field.related_model) == "governance":
            assert field.related_model._meta.app_label == model._meta.app_label, field


def test_a_planted_upward_key_would_be_found() -> None:
    tenant = apps.get_model("security_tenancy", "Tenant")
    job = apps.get_model("governance_jobs", "Job")
    person = apps.get_model("security_accounts", "Person")
    assert upward(tenant, job)
    assert upward(tenant, person)
    assert not upward(job, tenant)


def test_our_tables_never_point_at_djangos_or_allauths() -> None:
    outside = {
        f"{model.__name__}.{field.name}"
        for model, field in foreign_keys()
        if not field.related_model.__module__.startswith("jialiang.")
    }
    assert not outside


def test_nothing_is_deleted_along_a_foreign_key() -> None:
    cascading = {
        f"{model.__module__}.{model.__name__}.{field.name}"
        for model, field in foreign_keys()
        if layer(model) in ("security", "governance") and field.remote_field.on_delete is not models.PROTECT
    }
    assert not cascading
