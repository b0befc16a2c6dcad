"""The GUM and its neighbours as pure functions."""
