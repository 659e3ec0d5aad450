"""The client of the TUF library, without the HTTP that it brings along.

`tuf.ngclient` imports a fetcher of its own, and with it urllib3, email and importlib.metadata: 45 ms and 70 modules, for a class that we
never make, because `packctl.registry` carries all bytes. So while the client is imported an empty class stands in that fetcher's place.
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

__all__ = ["FetcherInterface", "Updater", "UpdaterConfig"]

_FETCHER = "tuf.ngclient.urllib3_fetcher"

if TYPE_CHECKING:
    from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig
else:

    def _client() -> ModuleType:
        stand_in = ModuleType(_FETCHER)
        stand_in.Urllib3Fetcher = type("Urllib3Fetcher", (), {})
        sys.modules.setdefault(_FETCHER, stand_in)
        try:
            return importlib.import_module("tuf.ngclient")
        except ImportError:  # a version of the library that is put together otherwise: then all of it
            sys.modules.pop(_FETCHER)
            return importlib.import_module("tuf.ngclient")
        finally:
            if sys.modules.get(_FETCHER) is stand_in:  # whoever wants the real one gets it
                del sys.modules[_FETCHER]

    _loaded = _client()
    FetcherInterface, Updater, UpdaterConfig = _loaded.FetcherInterface, _loaded.Updater, _loaded.UpdaterConfig
