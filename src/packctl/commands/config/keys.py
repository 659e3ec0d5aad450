"""The names of settings as people type them, and the values that they want written."""

from difflib import get_close_matches

from packctl.forms import COUNT, SECONDS
from packctl.settings import ABOUT, TABLES, About, setting_name
from packctl.usage import BadValue, UnknownSetting
from packspec.toml import Unreadable, read_text


def setting_named(name: str) -> str:
    """The field of the setting that a person calls `name`. Raises UnknownSetting."""
    known = {setting_name(field_name): field_name for field_name in ABOUT}
    if name not in known:
        raise UnknownSetting(name, tuple(get_close_matches(name, known, n=3)))
    return known[name]


def _refuse_value(key: str, text: str, about: About) -> None:
    try:
        about.form.read(text)
    except (ValueError, KeyError, OverflowError) as error:
        raise BadValue(key, text, about.form.expected) from error


def value_to_write(key: str, text: str) -> object:
    """The TOML value for `key` that a person typed as `text`. Raises UnknownSetting and BadValue."""
    keys = {about.key: name for name, about in ABOUT.items() if about.key}
    if key in keys:
        _refuse_value(key, text, ABOUT[keys[key]])
        return (
            text
            if ABOUT[keys[key]].form not in (SECONDS, COUNT)
            else read_text(f"value = {text}".encode()).values["value"]
        )
    if key.split(".")[0] not in TABLES or "." not in key:
        raise UnknownSetting(key, tuple(get_close_matches(key, keys, n=3)))
    try:
        return read_text(f"value = {text}".encode()).values["value"]
    except Unreadable:
        return text
