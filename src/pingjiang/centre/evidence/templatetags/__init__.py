"""Tags of the evidence pages."""
