"""Number series without gaps: every number is accounted for."""
