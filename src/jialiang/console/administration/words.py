"""What audit records and jobs are called where people read them."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

DEEDS = {
    "organization.register": gettext_noop("Organization registered"),
    "organization.change": gettext_noop("Organization changed"),
    "site.add": gettext_noop("Site added"),
    "contact.add": gettext_noop("Contact added"),
    "person.add": gettext_noop("Person added"),
    "person.grant_role": gettext_noop("Role granted"),
    "person.revoke_role": gettext_noop("Role revoked"),
    "person.deactivate": gettext_noop("Account closed"),
    "measurement_standard.register": gettext_noop("Measurement standard registered"),
    "measurement_standard.add_certificate": gettext_noop("Certificate added to a standard"),
    "measurement_standard.record_check": gettext_noop("Check of a standard recorded"),
    "measurement_standard.suspend": gettext_noop("Measurement standard suspended"),
    "measurement_standard.resume": gettext_noop("Measurement standard taken into use again"),
    "instrument.register": gettext_noop("Instrument registered"),
    "instrument.change": gettext_noop("Instrument changed"),
    "instrument.suspend": gettext_noop("Instrument taken out of use"),
    "instrument.restore": gettext_noop("Instrument put back into service"),
    "instrument.retire": gettext_noop("Instrument scrapped"),
    "commission.open": gettext_noop("Commission opened"),
    "commission.add_item": gettext_noop("Item added to a commission"),
    "commission.accept": gettext_noop("Commission accepted"),
    "commission.cancel": gettext_noop("Commission cancelled"),
    "item.receive": gettext_noop("Item taken in"),
    "item.hand_over": gettext_noop("Item handed over"),
    "calibration.start": gettext_noop("Calibration started"),
    "calibration.record": gettext_noop("Readings saved"),
    "calibration.take_over": gettext_noop("Record taken over"),
    "calibration.submit": gettext_noop("Record submitted for review"),
    "calibration.amend_reading": gettext_noop("Reading amended"),
    "calibration.review": gettext_noop("Record reviewed"),
    "calibration.return": gettext_noop("Record returned"),
    "certificate.approve": gettext_noop("Certificate approved"),
    "certificate.finish": gettext_noop("Certificate signed and published"),
    "certificate.void": gettext_noop("Certificate number voided"),
    "certificate.amend": gettext_noop("Amendment of a certificate opened"),
    "certificate.withdraw": gettext_noop("Certificate withdrawn"),
    "fake.report": gettext_noop("Fake reported"),
    "job.revive": gettext_noop("Job revived"),
    "signing_key.issue": gettext_noop("Seal issued"),
    "signing_key.revoke": gettext_noop("Key revoked"),
    "token.create": gettext_noop("Access token issued"),
    "token.revoke": gettext_noop("Access token revoked"),
    "token.revoke_others": gettext_noop("Access token of somebody else revoked"),
    "token.create_for_another": gettext_noop("Access token issued at the command line"),
    "tenant.export": gettext_noop("Institute exported"),
    "tenant.import": gettext_noop("Institute imported"),
}
JOBS = {"certificate.finish": gettext_noop("Sign, draw and publish a certificate")}


def deed(action: str) -> str:
    """Return what an action is called; one that has no words yet stands as it is."""
    return gettext(DEEDS[action]) if action in DEEDS else action


def job_name(kind: str) -> str:
    """Return what a kind of job is called."""
    return gettext(JOBS[kind]) if kind in JOBS else kind
