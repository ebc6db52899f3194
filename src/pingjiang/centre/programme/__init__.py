"""The programme: how a city chooses its operations centres, from the call to the decision.

models/       calls, applications, what districts and officers say of them
workflow.py   two workflows as data: CALL and APPLICATION
rules.py      what a move needs
effects.py    what follows from a move, in its transaction: versions, papers, notices, tasks, clocks
content/      what an application says: its sections, their hash, what is open in them, the facts that rules ask for
services/     what people do, each in one transaction and once a request
papers/       call, application, letters as official papers
panels/       draw, scores, ranks and their stability, without a database
deciding/     the decision: pack, meeting, public notice, objections, final list
review/       expert review: pool, conflicts, panels, sealed sheets, results
access.py     who is which party
"""
