"""What everything may use and that knows nothing: errors, ids, clock, bilingual text, events."""
