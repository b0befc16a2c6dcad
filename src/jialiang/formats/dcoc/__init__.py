"""Digital certificates of conformity (D-CoC): XML, RDF/XML, JSON-LD and JSON of one typed value, checked by rules."""
