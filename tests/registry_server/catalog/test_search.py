"""Search: words, filters, order, pages; and nothing that a person can type makes it fail."""

import pytest

from packspec.problems import Relayed
from packspec.protocol.catalog import SEARCH, SearchPacks
from tests.support.registry import registry_at

EUR = "EUR"
EVERYWHERE = ["name", "title", "tags", "summary"]


def names(registry, **ask):
    page = registry.call(SEARCH, SearchPacks(**ask))
    assert page.total == len(page.packs)
    return [hit.name for hit in page.packs]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Six packs, published a minute apart. Tests here only look."""
    with registry_at(tmp_path_factory.mktemp("shop")) as registry:
        yield filled(registry)


def filled(registry):
    for pack, manifest in {
        "acme/farm-animals": {
            "title": "Farm animals",
            "summary": "128 hand-drawn farm animals",
            "category": "characters",
            "subcategory": "animals",
            "tags": ["farm", "cows"],
            "features": ["game-canvas"],
            "ages": {"min": 4, "max": 8},
            "readme": "README.md",
            "education": {"subjects": ["Science"], "grades": ["K_2"], "modalities": ["drag"], "focus": ["nature"]},
        },
        "acme/farm-sounds": {
            "title": "Farm sounds",
            "summary": "Twelve short loops",
            "category": "sounds",
            "license": "MIT",
        },
        "meadow/backgrounds": {"title": "Fields and barns", "summary": "For every farm", "category": "environments"},
        "meadow/space": {
            "title": "Weltraum",
            "summary": "Zähne, Sterne und ein Café",
            "category": "environments",
            "price": {"amount": "12.00", "currency": EUR},
            "ages": {"min": 8, "max": 12},
        },
        "meadow/cheap": {
            "title": "Stars",
            "summary": "Only a few",
            "category": "environments",
            "price": {"amount": "2.00", "currency": EUR},
        },
        "oldbarn/tool": {"title": "Drum machine", "summary": "Makes loops", "category": "tools", "kind": "tool"},
    }.items():
        files = {"README.md": b"# Farm\n\nWith tractors.\n"} if "readme" in manifest else None
        registry.publish(pack, "1.0.0", files, manifest)
        registry.clock.advance(minutes=1)
    return registry


NEWEST = ["oldbarn/tool", "meadow/cheap", "meadow/space", "meadow/backgrounds", "acme/farm-sounds", "acme/farm-animals"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", NEWEST),
        ("farm", ["acme/farm-sounds", "acme/farm-animals", "meadow/backgrounds"]),
        ("FARM anim", ["acme/farm-animals"]),
        ("tract", ["acme/farm-animals"]),
        ("tractors farm", ["acme/farm-animals"]),
        ("farm-sounds", ["acme/farm-sounds"]),
        ("acme/farm-sounds", ["acme/farm-sounds"]),
        ("cows", ["acme/farm-animals"]),
        ("zahne", ["meadow/space"]),
        ("ZÄHNE", ["meadow/space"]),
        ("cafe\u0301", ["meadow/space"]),
        ("Oldbarn", ["oldbarn/tool"]),
        ("farm zebra", []),
        ("nothing of that kind", []),
    ],
)
def test_all_words_must_occur_somewhere_and_the_last_may_be_a_beginning(shop, words, found):
    assert names(shop, q=words) == found


@pytest.mark.parametrize(
    ("words", "matched"),
    [
        ("farm", {"acme/farm-animals": [*EVERYWHERE, "description"], "acme/farm-sounds": ["name", "title"]}),
        ("acme hand", {"acme/farm-animals": ["name", "publisher", "summary"]}),
        ("cow", {"acme/farm-animals": ["tags"]}),
        ("zahne", {"meadow/space": ["summary"]}),
        ("", {}),
    ],
)
def test_asked_why_a_hit_says_where_the_words_occur(shop, words, matched):
    page = shop.call(SEARCH, SearchPacks(q=words, why=True))
    told = {hit.name: hit.matched for hit in page.packs if hit.matched}
    assert {name: told.get(name) for name in matched} == matched
    assert all(not hit.matched for hit in shop.call(SEARCH, SearchPacks(q=words)).packs)


def test_packs_are_found_by_their_publishers_name(shop):
    assert sorted(names(shop, q="meadow")) == ["meadow/backgrounds", "meadow/cheap", "meadow/space"]
    assert names(shop, publisher="acme") == ["acme/farm-sounds", "acme/farm-animals"]


@pytest.mark.parametrize(
    "typed",
    [
        '"', '""', '"farm', "farm\"*", "farm*", "*", "AND", "OR", "NOT", "farm AND", "farm OR zebra", "NEAR(farm, 2)", "title:farm",
        "title : x", "{title summary} : farm", "^farm",
        "farm + sounds", "-farm", "(", ")", "farm)", "%", "_", "\\", "'", "'; DROP TABLE pack; --",
        "\u202e", "🦄", "क्षेत्र", "a" * 200, "- - -", "farm\nsounds", "\t", "::", "[[]]", "rank", "pack_text MATCH 'x'",
    ],
)  # fmt: skip
def test_R12_no_text_is_a_language(shop, typed):
    assert shop.call(SEARCH, SearchPacks(q=typed)).total <= 6


def test_R12_a_text_with_nul_is_refused(shop):
    with pytest.raises(Relayed) as caught:
        shop.call(SEARCH, SearchPacks(q="farm\0"))
    assert caught.value.code == "registry.bad-request"


def test_R12_operators_are_words_and_stars_are_nothing(shop):
    assert names(shop, q="farm OR zebra") == []
    assert names(shop, q="title:farm") == []
    assert names(shop, q="*") == []
    assert names(shop, q='"farm') == ["acme/farm-sounds", "acme/farm-animals", "meadow/backgrounds"]
    assert names(shop, category="%") == []


@pytest.mark.parametrize(
    ("ask", "found"),
    [
        ({"category": "environments"}, ["meadow/cheap", "meadow/space", "meadow/backgrounds"]),
        ({"subcategory": "animals"}, ["acme/farm-animals"]),
        ({"tag": "cows"}, ["acme/farm-animals"]),
        ({"tag": "cow"}, []),
        ({"kind": "tool"}, ["oldbarn/tool"]),
        ({"license": "MIT"}, ["acme/farm-sounds"]),
        ({"feature": "game-canvas"}, ["acme/farm-animals"]),
        ({"subject": "Science"}, ["acme/farm-animals"]),
        ({"grade": "K_2"}, ["acme/farm-animals"]),
        ({"modality": "drag"}, ["acme/farm-animals"]),
        ({"age": 8}, ["meadow/space", "acme/farm-animals"]),
        ({"age": 3}, []),
        ({"free": True, "category": "environments"}, ["meadow/backgrounds"]),
        ({"max_price_minor": 200, "category": "environments"}, ["meadow/cheap", "meadow/backgrounds"]),
        ({"max_price_minor": 0, "category": "environments"}, ["meadow/backgrounds"]),
        ({"verified": True}, []),
        ({"q": "farm", "publisher": "acme", "age": 5}, ["acme/farm-animals"]),
    ],
)
def test_every_filter_holds_alone_and_together(shop, ask, found):
    assert names(shop, **ask) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("newest", ["meadow/cheap", "meadow/space", "meadow/backgrounds"]),
        ("price_low", ["meadow/backgrounds", "meadow/cheap", "meadow/space"]),
        ("price_high", ["meadow/space", "meadow/cheap", "meadow/backgrounds"]),
        ("popular", ["meadow/cheap", "meadow/space", "meadow/backgrounds"]),
        ("trending", ["meadow/cheap", "meadow/space", "meadow/backgrounds"]),
        ("rating", ["meadow/cheap", "meadow/space", "meadow/backgrounds"]),
    ],
)
def test_results_have_the_order_that_was_asked_for(shop, sort, found):
    assert names(shop, category="environments", sort=sort) == found


def test_R12_an_order_that_does_not_exist_is_refused_by_name(shop):
    answer = shop.client.get("/api/v1/packs", params={"sort": "published_at; DROP TABLE pack"})
    assert (answer.status_code, answer.json()["facts"]["field"]) == (422, "sort")


def test_a_verified_publishers_packs_are_marked_and_filtered(shop):
    verify(shop, 1)
    assert names(shop, verified=True) == ["meadow/cheap", "meadow/space", "meadow/backgrounds"]
    hits = shop.call(SEARCH, SearchPacks(q="farm")).packs
    assert {hit.name: hit.verified for hit in hits} == {
        "acme/farm-animals": False,
        "acme/farm-sounds": False,
        "meadow/backgrounds": True,
    }
    verify(shop, 0)


def verify(shop, flag):
    with shop.world.database.writing() as db:
        db.exec_driver_sql("UPDATE publisher SET is_verified = ? WHERE name = 'meadow'", (flag,))


def test_pages_follow_each_other_without_gap_or_repetition(shop):
    pages = [shop.call(SEARCH, SearchPacks(limit=4, page=number)) for number in (1, 2, 3)]
    assert [[hit.name for hit in page.packs] for page in pages] == [NEWEST[:4], NEWEST[4:], []]
    assert {(page.total, page.pages) for page in pages} == {(6, 2)}
    assert shop.client.get("/api/v1/packs", params={"page": "0"}).status_code == 422
    assert shop.client.get("/api/v1/packs", params={"limit": "101"}).status_code == 422


def test_a_hit_says_what_a_line_of_a_list_needs(shop):
    (hit,) = shop.call(SEARCH, SearchPacks(q="weltraum")).packs
    assert (hit.name, str(hit.version), hit.kind, hit.title, hit.summary) == (
        "meadow/space", "1.0.0", "content", "Weltraum", "Zähne, Sterne und ein Café",
    )  # fmt: skip
    assert (hit.paid, hit.price_minor, hit.currency, hit.ages) == (True, 1200, "EUR", (8, 12))
