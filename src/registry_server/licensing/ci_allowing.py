"""Answers about which runs in CI may use a license: its holder says so, or an admin. Each change is an event of the license."""

from msgspec.structs import replace

from packspec.protocol.ci_rules import (
    ADD_CI_RULE,
    CI_RULES,
    REMOVE_CI_RULE,
    AddCiRule,
    CiRules,
    RemoveCiRule,
)
from packspec.protocol.ci_rules import CiRule as View
from packspec.protocol.licenses import AskLicense
from registry_server.call import Call
from registry_server.http.bind import bind
from registry_server.identities import actions as identities
from registry_server.licensing import actions, asking, ci_store
from registry_server.licensing.ci_refusals import BadCiRule, HasCiRule, NoSuchCiRule, NoSuchIssuer, TooManyCiRules
from registry_server.licensing.ci_rules import CiRule, whole_ref
from registry_server.licensing.rules import License
from registry_server.licensing.signing import signing

RULES_MOST = 100


def ci_rules(call: Call, ask: AskLicense) -> CiRules:
    """Whose runs may use it."""
    return _view(call, asking.seen_whole(call, ask.id))


def add_ci_rule(call: Call, ask: AddCiRule) -> CiRules:
    """Lets runs of a repository use it. Asked again, it is there already."""
    license = asking.managed(call, ask.id)
    there = ci_store.of_license(call.db, license.id)
    wanted = _known(_wanted(call, license, ask), there)
    for one in there:
        if (one.issuer, one.repository, one.ref) == (wanted.issuer, wanted.repository, wanted.ref):
            if one.pull_requests != wanted.pull_requests or _contradicts(one, wanted):
                raise HasCiRule(license.pack_key, str(one), one.repository)
            return _view(call, license, is_new=False)
    if len(there) >= RULES_MOST:
        raise TooManyCiRules(license.pack_key, RULES_MOST)
    new = ci_store.add(call.db, wanted)
    actions.note(call, license, "ci_allowed", {"rule": str(new), "repository": new.repository, "issuer": new.issuer})
    return _view(call, license)


def remove_ci_rule(call: Call, ask: RemoveCiRule) -> CiRules:
    """Lets them no more."""
    license = asking.managed(call, ask.id)
    for one in ci_store.of_license(call.db, license.id):
        if str(one) == ask.rule:
            ci_store.remove(call.db, one, call.now)
            actions.note(call, license, "ci_forbidden", {"rule": str(one), "repository": one.repository})
            return _view(call, license)
    raise NoSuchCiRule(license.pack_key, ask.rule)


def _wanted(call: Call, license: License, ask: AddCiRule) -> CiRule:
    """The rule that is asked for. Raises NoSuchIssuer, BadCiRule."""
    known = identities.issuers(call.world)
    named = [one for one in known if ask.issuer in (one.address, one.kind)]
    if len(named) != 1:
        raise NoSuchIssuer(ask.issuer, [one.address for one in known])
    [issuer] = named
    repository = ask.repository if issuer.kind == "other" else ask.repository.lower()
    if not repository.isprintable() or repository != repository.strip():
        raise BadCiRule("the repository is no text in one line")
    if issuer.kind != "other" and (repository.count("/") < 1 or "" in repository.split("/") or " " in repository):
        raise BadCiRule(f"{repository[:80]!r} is not written OWNER/NAME")
    if issuer.kind == "github" and repository.count("/") > 1:
        raise BadCiRule(f"{repository[:80]!r} is not written OWNER/NAME")
    if not ask.ref.isprintable() or " " in ask.ref:
        raise BadCiRule("a branch or tag has no blanks")
    if issuer.kind == "other" and (ask.repository_id or ask.owner_id or ask.pull_requests):
        raise BadCiRule("this issuer tells of neither numbers nor pull requests")
    return CiRule(
        id=0,
        license_id=license.id,
        issuer=issuer.address,
        repository=repository,
        repository_id=ask.repository_id,
        owner_id=ask.owner_id,
        ref=whole_ref(ask.ref),
        pull_requests=ask.pull_requests,
        added_by=call.actor.subject,
        added_at=call.now,
    )


def _known(wanted: CiRule, there: list[CiRule]) -> CiRule:
    """A rule without numbers has those that the license's other rules for this repository hold for."""
    if wanted.repository_id or wanted.owner_id:
        return wanted
    for one in there:
        if one.is_bound and (one.issuer, one.repository) == (wanted.issuer, wanted.repository):
            return replace(wanted, repository_id=one.repository_id, owner_id=one.owner_id)
    return wanted


def _contradicts(there: CiRule, wanted: CiRule) -> bool:
    """Whether a wish names numbers that are not those of the rule."""
    return wanted.repository_id not in ("", there.repository_id) or wanted.owner_id not in ("", there.owner_id)


def _view(call: Call, license: License, *, is_new: bool = True) -> CiRules:
    rules = [
        View(
            id=str(one),
            issuer=one.issuer,
            repository=one.repository,
            repository_id=one.repository_id,
            owner_id=one.owner_id,
            ref=one.ref,
            pull_requests=one.pull_requests,
            added_at=one.added_at,
        )
        for one in ci_store.of_license(call.db, license.id)
    ]
    return CiRules(license=str(license), audience=signing(call.world).origin, rules=rules, is_new=is_new)


BINDINGS = (bind(CI_RULES, ci_rules), bind(ADD_CI_RULE, add_ci_rule), bind(REMOVE_CI_RULE, remove_ci_rule))
