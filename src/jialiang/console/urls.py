"""The addresses of the console: each screen brings its own."""

from __future__ import annotations

from django.conf import settings

from jialiang.console import home, preferences, search, sign_in, specimens, traceability
from jialiang.console.administration.addresses import urlpatterns as of_administration
from jialiang.console.authenticity.addresses import urlpatterns as of_authenticity
from jialiang.console.calibrations.addresses import urlpatterns as of_calibrations
from jialiang.console.certificates.addresses import urlpatterns as of_certificates
from jialiang.console.commissions.addresses import urlpatterns as of_commissions
from jialiang.console.instruments.addresses import urlpatterns as of_instruments
from jialiang.console.measurement_science.addresses import urlpatterns as of_measurement_science
from jialiang.console.measurement_standards.addresses import urlpatterns as of_measurement_standards
from jialiang.console.organizations.addresses import urlpatterns as of_organizations
from jialiang.console.workbench.addresses import urlpatterns as of_workbench

urlpatterns = [
    *home.urlpatterns,
    *traceability.urlpatterns,
    *of_commissions,
    *of_instruments,
    *of_measurement_standards,
    *of_measurement_science,
    *of_organizations,
    *of_administration,
    *search.urlpatterns,
    *of_calibrations,
    *of_certificates,
    *of_authenticity,
    *of_workbench,
    *preferences.urlpatterns,
    *sign_in.urlpatterns,
    *(specimens.urlpatterns if settings.JIALIANG.demo else []),
]
