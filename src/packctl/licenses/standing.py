"""`Standing`: a license on this machine, as `license status`, `list` and `--json` tell it."""

import msgspec


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A license on this machine. Times are RFC 3339 UTC, empty where there is none.

    `usable`: what pack.lock names may be installed under it; `code` says why not. `days_left` until that ends, null: never. `list_as_of` is
    when the newest status list was signed, `clock` is `ok` or `back`: set back, so that `now` is counted instead.
    """

    pack: str
    license: str
    activation: str
    registry: str
    plan: str
    status: str
    usable: bool
    code: str = ""
    label: str = ""
    slot: int = 0
    pool: str = "machine"
    ends: str = ""
    days_left: int | None = None
    updates_until: str = ""
    lease_ends: str = ""
    lease_seconds: int = 0
    list_as_of: str = ""
    list_age_seconds: int | None = None
    freshness: str = "normal"
    clock: str = "ok"
    now: str = ""
    is_offline: bool = False
    features: tuple[str, ...] = ()
