"""Our engine beside other packages for uncertainty, each in an environment of its own that speaks JSON."""
