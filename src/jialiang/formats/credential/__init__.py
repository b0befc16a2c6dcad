"""Conformity credentials of UNTP: W3C Verifiable Credentials 2.0 that say what was assessed, by whom, against what."""
