"""集成与交互: doors for machines."""
