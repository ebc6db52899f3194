"""Forms of the programme: of a call, of a step of an application, of district and formal check."""
