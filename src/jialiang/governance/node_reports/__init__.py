"""What this node reports to the node above it: every report made, and what became of it."""
