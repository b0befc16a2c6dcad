"""What differs between two certificates: values with their uncertainties, and everything administrative."""
