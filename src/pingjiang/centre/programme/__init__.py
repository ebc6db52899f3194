"""The programme: from the call through applications and expert review to the decision."""
