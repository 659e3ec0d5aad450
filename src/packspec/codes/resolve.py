"""Codes of the room `resolve`: versions that do not fit."""

CODES = {
    "resolve.bad-scenario": (
        "python -m packctl.resolve reads a resolution as JSON: the project under root, every pack with its versions under packs. The file "
        "given is not of that form; each fault is named with its place. docs/spec/resolver.md describes the form."
    ),
    "resolve.gave-up": (
        "Finding versions that fit together can take exponential time, and the resolver stops after a fixed number of steps rather than "
        "run for ever. It is not known whether there is a solution. Narrower ranges for the packs named, or a pack.lock to start from, "
        "leave fewer combinations."
    ),
    "resolve.no-solution": (
        "No choice of versions fulfils every wish of the project together with what the packs ask of each other. The text is the proof, "
        "step by step; --json has it as data.derivation. Ranges, conflicts between packs, [host] and [policy] all take part. The changes "
        "that it ends with were tried: each wish of the proof was relaxed by itself and everything was solved again, for at most 1.5 "
        "seconds. Neither pack.toml nor pack.lock was changed."
    ),
}
