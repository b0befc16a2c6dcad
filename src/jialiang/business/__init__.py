"""业务层: end-to-end scenarios composed only of functions."""
