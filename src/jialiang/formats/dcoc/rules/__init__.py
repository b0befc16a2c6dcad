"""Rules for certificates of conformity, whatever the notation that they came in."""
