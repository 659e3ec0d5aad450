"""The archive of a submission on this machine: fetched by its digest, read strictly, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from packctl.publish.build import Built
from packctl.registry.client import RegistryClient
from packctl.registry.open import open_transfers
from packctl.registry.transfer import Wanted
from packctl.session import Session
from packspec.archive.read import read_archive
from packspec.protocol.publishing import ARCHIVE, AskSubmission, SubmissionView


@contextmanager
def fetched(session: Session, client: RegistryClient, view: SubmissionView) -> Iterator[Built]:
    """The archive that a submission names, with exactly that digest and size.

    Raises what a transfer raises (ArchiveChanged among it), and what `read_archive` raises.
    """
    transfers = session.once(open_transfers)
    url, headers = client.address_of(ARCHIVE, AskSubmission(id=view.id))
    wanted = Wanted(url, view.archive, f"{view.pack} {view.version}", view.size, view.size, headers)
    with session.progress("fetching", total=1, total_bytes=view.size) as progress:
        item = progress.item(wanted.name, view.size)
        name = transfers.fetch(wanted, item.advance)
        item.done()
    try:
        with transfers.open(wanted) as source:
            archive = read_archive(source)
        yield Built(session.places.cache / name, view.archive, view.size, archive)
    finally:
        transfers.remove(name)
