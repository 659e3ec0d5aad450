"""What can be the matter with a database, whichever it is. Driver errors become these in `sqlite` and `postgresql`, and nowhere else."""

from packspec.errors import Conflict, Unavailable


class DatabaseBusy(Unavailable):
    """Another writer kept the database longer than a request waits."""

    waited_seconds: int

    code = "registry.database-busy"
    retry_after_seconds = 2

    def what(self) -> str:
        return "the registry is busy with other writes"

    def facts(self) -> dict[str, str]:
        return {"waited": f"{self.waited_seconds} s"}

    def why(self) -> str:
        return "nothing was changed"

    def fix(self) -> list[str]:
        return ["try again in a few seconds"]


class DatabaseGone(Unavailable):
    """The database cannot be reached or read."""

    reason: str

    code = "registry.database-gone"
    retry_after_seconds = 10

    def what(self) -> str:
        return "the registry cannot use its database now"

    def operator_facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "downloads do not need it and go on"

    def fix(self) -> list[str]:
        return ["try again later; if it stays, tell the registry's admin"]


class WrongEncoding(Conflict):
    """A PostgreSQL database that cannot hold every text."""

    found: str

    code = "registry.database-encoding"

    def what(self) -> str:
        return f"the database keeps texts as {self.found}, and a registry needs UTF8"

    def why(self) -> str:
        return "titles and names may hold any character; an encoding is chosen when a database is made"

    def fix(self) -> list[str]:
        return ["createdb --encoding=UTF8 --template=template0 NAME", "and name it in REGISTRY_DATABASE_URL"]
