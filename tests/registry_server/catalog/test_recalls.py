"""Recalling a release, lifting that, and telling beforehand whom it would hit."""

import pytest

from packspec import site
from packspec.index import Recalls
from packspec.log.leaf import RecallLeaf, RestoreLeaf, parse_leaf
from packspec.names import PackName
from packspec.problems import Relayed
from packspec.protocol.catalog import RELEASES, SEARCH, AskPack, SearchPacks
from packspec.protocol.publishing import YANK, YankRelease
from packspec.protocol.recalls import LIFT, RECALL, REHEARSE, REHEARSE_STOP, STOP, LiftRecall, RecallRelease
from packspec.signing import dsse, restore
from packspec.signing.restore import Restore
from packspec.versions import Version
from registry_server.actor import SYSTEM
from registry_server.audit.actions import entries
from registry_server.call import call_of
from registry_server.log import actions as log
from tests.support.evidence import Site
from tests.support.invariants import clean_refusal

ICONS = PackName("acme/icons")


def refusal(call):
    with pytest.raises(Relayed) as caught:
        call()
    clean_refusal(caught.value)
    return caught.value.code


def asked(version="1.0.0", action="stop", reason="unsafe-content", note="", replacement=None):
    instead = None if replacement is None else Version.parse(replacement)
    return RecallRelease(
        publisher="acme", name="icons", version=version, action=action, reason=reason, note=note, replacement=instead
    )


def recall(registry, *given, row=RECALL, token=None, **named):
    return registry.call(row, asked(*given, **named), token or registry.publisher("acme").token)


def rows(registry):
    data = Site(registry.world.public.read).target(site.RECALLS_TARGET)
    return Recalls.parse(data).recalls


def listed(registry, version="1.0.0"):
    found = Site(registry.world.public.read).listed(ICONS, Version.parse(version))
    assert found is not None
    return found


def states(registry):
    return {str(one.version): one.state for one in registry.call(RELEASES, AskPack(publisher="acme", name="icons"))}


def last_leaf(registry):
    with call_of(registry.world, SYSTEM).reading() as call:
        size = log.size(call)
        return parse_leaf(log.entries(call, size - 1, size)[0])


def size_of_log(registry):
    with call_of(registry.world, SYSTEM).reading() as call:
        return log.size(call)


def lift(registry, statement, keys, version="1.0.0", at=None, token=None):
    payload = restore.make_restore(
        Restore(v=1, statement=statement, restores="recall", at=registry.clock() if at is None else at)
    )
    envelope = dsse.sign(payload, restore.PAYLOAD_TYPE, keys)
    ask = LiftRecall(publisher="acme", name="icons", version=version, restore=envelope.encode().decode())
    return registry.call(LIFT, ask, token or registry.reviewer().token)


def test_a_recall_is_in_the_log_in_the_index_and_among_the_recalls_at_once(registry):
    registry.publish("acme/icons", "1.0.0")
    registry.publish("acme/icons", "1.0.1")
    act = recall(registry, note="barn.ogg is painfully loud", replacement="1.0.1")
    assert (act.state, act.is_new) == ("recalled", True)
    leaf = last_leaf(registry)
    assert isinstance(leaf, RecallLeaf)
    assert (leaf.action, leaf.reason, str(leaf.replacement)) == ("stop", "unsafe-content", "1.0.1")
    assert leaf.note == "barn.ogg is painfully loud"
    row = listed(registry)
    assert (row.state, row.reason, row.note) == ("recalled", "unsafe-content", "barn.ogg is painfully loud")
    (told,) = rows(registry)
    assert (told.pack, str(told.version), told.action, str(told.replacement)) == (
        "acme/icons",
        "1.0.0",
        "stop",
        "1.0.1",
    )
    assert (told.log, told.statement) == (act.log_index, row.statement)
    assert states(registry) == {"1.0.1": "published", "1.0.0": "recalled"}


def test_what_the_catalog_tells_of_a_recalled_release(registry):
    registry.publish("acme/icons", "1.0.0")
    registry.publish("acme/icons", "1.0.1")
    recall(registry, "1.0.1", action="warn", replacement="1.0.0")
    newest, oldest = registry.call(RELEASES, AskPack(publisher="acme", name="icons"))
    assert (newest.state, newest.action, newest.reason, newest.replacement) == (
        "recalled", "warn", "unsafe-content", "1.0.0",
    )  # fmt: skip
    assert (oldest.is_latest, oldest.action, oldest.replacement) == (True, "", "")


def test_a_pack_whose_only_release_is_recalled_is_found_by_no_search(registry):
    registry.publish("acme/icons", "1.0.0")
    recall(registry)
    assert registry.call(SEARCH, SearchPacks()).packs == []


def test_recalling_twice_adds_no_entry_so_a_lost_answer_may_be_asked_for_again(registry):
    registry.publish("acme/icons", "1.0.0")
    first = recall(registry)
    size = size_of_log(registry)
    again = recall(registry)
    assert (again.log_index, again.is_new) == (first.log_index, False)
    assert size_of_log(registry) == size


def test_a_recall_becomes_stronger_and_more_helpful_but_not_weaker(registry):
    registry.publish("acme/icons", "1.0.0")
    recall(registry, action="warn")
    recall(registry, action="stop")
    registry.publish("acme/icons", "1.0.1")
    recall(registry, action="stop", replacement="1.0.1")
    assert [(row.action, str(row.replacement or "")) for row in rows(registry)] == [
        ("warn", ""), ("stop", ""), ("stop", "1.0.1"),
    ]  # fmt: skip
    size = size_of_log(registry)
    assert refusal(lambda: recall(registry, action="warn")) == "catalog.recall-stands"
    assert size_of_log(registry) == size


def test_what_the_registry_recalled_its_publisher_cannot_say_in_other_words(registry):
    registry.publish("acme/icons", "1.0.0")
    recall(registry, action="warn", reason="malware", row=STOP, token=registry.admin())
    assert refusal(lambda: recall(registry, action="stop", reason="other")) == "catalog.recall-stands"
    assert listed(registry).reason == "malware"


def test_the_replacement_is_a_release_that_may_be_chosen(registry):
    registry.publish("acme/icons", "1.0.0")
    registry.publish("acme/icons", "1.0.1")
    assert refusal(lambda: recall(registry, replacement="9.9.9")) == "catalog.no-such-release"
    assert refusal(lambda: recall(registry, replacement="1.0.0")) == "catalog.no-replacement"
    ask = YankRelease(publisher="acme", name="icons", version="1.0.1", reason="broken")
    registry.call(YANK, ask, registry.publisher("acme").token)
    assert refusal(lambda: recall(registry, replacement="1.0.1")) == "catalog.no-replacement"


def test_what_is_not_there_or_no_word_of_the_list_is_refused(registry):
    registry.publish("acme/icons", "1.0.0")
    assert refusal(lambda: recall(registry, "9.9.9")) == "catalog.no-such-release"
    assert refusal(lambda: recall(registry, reason="ugly")) == "catalog.bad-reason"


def test_only_its_publisher_recalls_and_only_an_admin_recalls_for_the_registry(registry):
    registry.publish("acme/icons", "1.0.0")
    stranger, admin = registry.publisher("birdsong").token, registry.admin()
    assert refusal(lambda: recall(registry, token=stranger)) == "publishers.not-yours"
    assert refusal(lambda: recall(registry, token=admin)) == "publishers.not-yours"
    own = registry.publisher("acme").token
    assert refusal(lambda: recall(registry, row=STOP, token=own)) == "access.scope-missing"
    assert recall(registry, row=STOP, token=admin).state == "recalled"


def test_the_trail_says_who_recalled_what_and_why(registry):
    registry.publish("acme/icons", "1.0.0")
    recall(registry, row=STOP, token=registry.admin(), reason="malware")
    with registry.world.database.reading() as db:
        newest = entries(db, about="pack:acme/icons")[0]
    assert (newest.action, newest.reason, newest.facts["action"]) == ("release.recall", "malware", "stop")


# Lifting


def test_the_reviewers_lift_a_recall_and_the_release_is_as_before(registry):
    registry.publish("acme/icons", "1.0.0")
    recall(registry, action="warn")
    recall(registry, action="stop")
    act = lift(registry, listed(registry).statement, [registry.reviewer().key])
    assert (act.state, act.is_new) == ("published", True)
    leaf = last_leaf(registry)
    assert isinstance(leaf, RestoreLeaf)
    assert leaf.restores == "recall"
    assert [row.restored for row in rows(registry)] == [leaf.document, leaf.document]
    assert Site(registry.world.public.read).read(site.document(leaf.document)) is not None
    assert states(registry) == {"1.0.0": "published"}
    again = lift(registry, listed(registry).statement, [registry.reviewer().key])
    assert (again.state, again.is_new) == ("published", False)


def test_a_yank_stands_when_the_recall_is_lifted(registry):
    registry.publish("acme/icons", "1.0.0")
    ask = YankRelease(publisher="acme", name="icons", version="1.0.0", reason="broken")
    registry.call(YANK, ask, registry.publisher("acme").token)
    recall(registry)
    assert lift(registry, listed(registry).statement, [registry.reviewer().key]).state == "yanked"


def test_a_publisher_s_key_and_too_few_reviewers_lift_nothing(registry):
    registry.reviewer("ana")
    kim = registry.reviewer("kim")
    registry.publish("acme/icons", "1.0.0")
    recall(registry)
    statement, size = listed(registry).statement, size_of_log(registry)
    acme = registry.publisher("acme")
    assert refusal(lambda: lift(registry, statement, [acme.release])) == "trust.not-approved"
    assert refusal(lambda: lift(registry, statement, [kim.key], token=acme.token)) == "access.scope-missing"
    assert size_of_log(registry) == size
    registry.reviewer("lou", threshold=2)
    assert refusal(lambda: lift(registry, statement, [kim.key])) == "trust.not-approved"
    assert lift(registry, statement, [kim.key, registry.reviewer("ana").key]).state == "published"


def test_a_document_that_lifted_one_recall_lifts_no_later_one(registry):
    registry.publish("acme/icons", "1.0.0")
    recall(registry)
    kim, statement, made = registry.reviewer(), listed(registry).statement, registry.clock()
    lift(registry, statement, [kim.key], at=made)
    recall(registry)
    assert refusal(lambda: lift(registry, statement, [kim.key], at=made)) == "catalog.restore-used"
    registry.clock.advance(minutes=1)
    recall(registry, note="again")
    assert refusal(lambda: lift(registry, statement, [kim.key], at=made)) == "trust.statement-mismatch"


# Rehearsing


def test_a_rehearsal_names_who_needs_the_release_and_does_nothing(registry):
    for version in ("1.0.0", "1.1.0"):
        registry.publish("acme/icons", version)
    registry.publish("birdsong/old", "1.0.0", tables={"dependencies": {"acme/icons": "1.1.0"}})
    registry.publish("birdsong/free", "1.0.0", tables={"dependencies": {"acme/icons": "^1"}})
    registry.publish("birdsong/free", "2.0.0", tables={"dependencies": {"acme/icons": "^1"}})
    registry.publish("birdsong/other", "1.0.0", tables={"dependencies": {"acme/icons": "~1.0"}})
    size = size_of_log(registry)
    found = recall(registry, "1.1.0", row=REHEARSE)
    assert [(hit.pack, str(hit.version), hit.range, hit.is_stuck) for hit in found.hits] == [
        ("birdsong/free", "2.0.0", "^1", False),
        ("birdsong/old", "1.0.0", "1.1.0", True),
    ]
    assert (found.state, str(found.newest), found.total) == ("published", "1.0.0", 2)
    assert size_of_log(registry) == size
    assert listed(registry, "1.1.0").state == "published"
    assert recall(registry, "1.1.0", row=REHEARSE_STOP, token=registry.admin()) == found


def test_a_rehearsal_of_the_only_release_says_that_nothing_is_left(registry):
    registry.publish("acme/icons", "1.0.0")
    found = recall(registry, row=REHEARSE)
    assert (found.newest, found.hits, found.total) == (None, [], 0)


def test_a_rehearsal_refuses_what_the_recall_would_refuse(registry):
    registry.publish("acme/icons", "1.0.0")
    recall(registry, action="stop")
    assert refusal(lambda: recall(registry, action="warn", row=REHEARSE)) == "catalog.recall-stands"
    stranger = registry.publisher("birdsong").token
    assert refusal(lambda: recall(registry, row=REHEARSE, token=stranger)) == "publishers.not-yours"
