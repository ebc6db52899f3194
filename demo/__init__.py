"""The demo: real US semiconductor grants in, an industry atlas out."""
