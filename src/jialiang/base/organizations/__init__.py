"""Bodies: credit code, kind, parent, sites, contacts."""
