"""The door for business systems that speak to a Chinese enterprise node (SNMS): tokens, records, templates."""
