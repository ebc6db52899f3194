"""Work that takes longer than a page may: queued as a row, done by a worker, watched by whoever asked for it.

functions.py   what a worker can do: registered by each app
models.py      Job, JobLine
service.py     enqueue, cancel, retry: what a page asks
queue.py       claim, beat, reap, settle: what a worker asks; each one UPDATE that says for whom it holds
handle.py      what a function gets: progress, log, check_cancelled, fenced
worker.py      the loop: of `pingjiang worker`, or of a thread beside the pages
access.py      who sees what

A claim has a lease of its own. A worker that was killed, or that slept too long, loses it: the job is taken up by
another, or fails with its reason, and whatever the lost one still tries to write is refused. So a function may be begun
more than once; what it does `fenced` to the database counts once.
"""
