"""Certificates as pages: PDF/A-3 with the very XML inside, and what comes back out of such files."""
