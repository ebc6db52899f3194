"""What the site does by itself, by the clock: mail goes out, digests are written, what is late is told, files are
looked after. Each duty is registered by the room or app that knows how; this room knows none of them.

duties.py  Duty and its rhythm (Every, Daily): registered when an app is made ready, as jobs are
models.py  Turn: when a duty is due, who has it, how it went
keeper.py  the loop: beside the pages (`pingjiang serve`), and in every `pingjiang worker`

Any number of processes may look; a turn is taken by an UPDATE that asks whether it is due and free, so one of them has
it. Who has it gives signs of life; of one that was killed it is due again after half a minute. So a duty may be begun
anew at any moment and does no harm by it. What came due while nothing ran is done once, as soon as something runs.
"""
