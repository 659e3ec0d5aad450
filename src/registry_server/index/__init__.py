"""The static side: everything an install reads, as files that never change or are signed.

Everything here is a function of the log and the documents it names (`packspec.index`), written in one order: tiles, packproofs, targets,
bins, snapshot, checkpoint, and last the timestamp, which is the commit point for readers. Doing it again is harmless, so whoever comes
next finishes what a crash interrupted. One writer at a time, over all processes of a data folder.

Words: to *publish* the static side is to bring it up to the end of the log; to *re-sign* it is to renew metadata that would expire.
"""
