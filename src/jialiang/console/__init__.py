"""Doors for people: the bilingual web console and the public checker."""
