"""The demonstration: a fictional world in which the main job runs, composed only of functions."""
