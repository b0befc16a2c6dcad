"""D-SI, the digital SI: quantities with units as XML, and back."""
