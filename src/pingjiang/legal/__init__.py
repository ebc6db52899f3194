"""Legal state: events of every source → one vocabulary → state, overlays, term, fees due, at any date."""
