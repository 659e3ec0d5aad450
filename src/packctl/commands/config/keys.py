"""The names of settings as people type them, and the values that they want written."""

from difflib import get_close_matches

from packctl.config_file import ConfigFile
from packctl.forms import COUNT, SECONDS
from packctl.settings import ABOUT, TABLES, checked, setting_name
from packctl.usage import UnknownSetting
from packspec.toml import Unreadable, read_text


def setting_named(name: str) -> str:
    """The field of the setting that a person calls `name`. Raises UnknownSetting."""
    known = {setting_name(field_name): field_name for field_name in ABOUT}
    if name not in known:
        raise UnknownSetting(name, tuple(get_close_matches(name, known, n=3)))
    return known[name]


def value_to_write(key: str, text: str, file: ConfigFile) -> object:
    """The TOML value for `key` that a person typed as `text`. Raises UnknownSetting, and BadConfig for one that it does not take."""
    keys = {about.key: name for name, about in ABOUT.items() if about.key}
    if key in keys:
        checked(keys[key], text, file, key)
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
