"""Certificates as RDF: what they say as statements in known vocabularies, in Turtle and JSON-LD."""
