"""Screens of administration: people and roles, the audit trail, keys and seals, jobs, one's own profile."""
