"""Templates of labels that an institute designed."""
