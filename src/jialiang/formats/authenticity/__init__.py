"""Is this certificate genuine, and does it still hold? What can be answered from bytes and register facts alone."""
