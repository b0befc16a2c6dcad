"""Labels of things: templates, what stands on a label, sheets of labels and rolls, as PDF and for label printers."""
