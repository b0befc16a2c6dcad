"""The answer that a stranger gets to "is this certificate genuine?", as a page and as JSON."""
