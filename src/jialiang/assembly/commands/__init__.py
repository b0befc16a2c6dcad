"""The commands of ``jialiang``, one module each, with one function ``run(arguments) -> int``."""
