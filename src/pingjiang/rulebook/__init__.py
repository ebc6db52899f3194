"""Law, policy and convention as data: what a rule says on a day, where it is written, how sure we are.

Packs are `packs/*.yaml`; each entry is one rule with one or more versions. Facts that were not checked
against their text carry confidence `unchecked`: they are configuration, never constants in code.
Whole policies, with rules that can be tested on a case, are `policies`.
"""

from pingjiang.rulebook.rules import Rule, ask, in_force, load_rules

__all__ = ["Rule", "ask", "in_force", "load_rules"]
