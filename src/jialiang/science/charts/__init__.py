"""Control charts, their rules and the checks between calibrations."""
