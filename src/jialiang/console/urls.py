"""The addresses of the console: each screen brings its own."""

from __future__ import annotations

from django.conf import settings

from jialiang.console import home, preferences, scans, search, sign_in, specimens, traceability
from jialiang.console.administration.addresses import urlpatterns as of_administration
from jialiang.console.authenticity.addresses import urlpatterns as of_authenticity
from jialiang.console.calibrations.addresses import urlpatterns as of_calibrations
from jialiang.console.certificates.addresses import urlpatterns as of_certificates
from jialiang.console.commissions.addresses import urlpatterns as of_commissions
from jialiang.console.comparison_rounds.addresses import urlpatterns as of_comparison_rounds
from jialiang.console.handle_identities.addresses import urlpatterns as of_handle_identities
from jialiang.console.identifier_templates.addresses import urlpatterns as of_identifier_templates
from jialiang.console.identifiers.addresses import urlpatterns as of_identifiers
from jialiang.console.instrument_marks.addresses import urlpatterns as of_instrument_marks
from jialiang.console.instruments.addresses import urlpatterns as of_instruments
from jialiang.console.label_templates.addresses import urlpatterns as of_label_templates
from jialiang.console.measurement_science.addresses import urlpatterns as of_measurement_science
from jialiang.console.measurement_standards.addresses import urlpatterns as of_measurement_standards
from jialiang.console.node_reports.addresses import urlpatterns as of_node_reports
from jialiang.console.organizations.addresses import urlpatterns as of_organizations
from jialiang.console.prefixes.addresses import urlpatterns as of_prefixes
from jialiang.console.resolution_statistics.addresses import urlpatterns as of_resolution_statistics
from jialiang.console.subordinate_nodes.addresses import urlpatterns as of_subordinate_nodes
from jialiang.console.uncertainty_budgets.addresses import urlpatterns as of_uncertainty_budgets
from jialiang.console.workbench.addresses import urlpatterns as of_workbench

urlpatterns = [
    *home.urlpatterns,
    *traceability.urlpatterns,
    *of_commissions,
    *of_comparison_rounds,
    *of_instrument_marks,
    *of_instruments,
    *of_measurement_standards,
    *of_measurement_science,
    *of_uncertainty_budgets,
    *of_organizations,
    *of_administration,
    *of_resolution_statistics,
    *of_subordinate_nodes,
    *of_node_reports,
    *of_prefixes,
    *of_handle_identities,
    *of_identifier_templates,
    *of_label_templates,
    *of_identifiers,
    *search.urlpatterns,
    *scans.urlpatterns,
    *of_calibrations,
    *of_certificates,
    *of_authenticity,
    *of_workbench,
    *preferences.urlpatterns,
    *sign_in.urlpatterns,
    *(specimens.urlpatterns if settings.JIALIANG.demo else []),
]
