"""Screens of organizations: customers, their sites and contacts."""
