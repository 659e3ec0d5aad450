"""The resolver: one version of each pack that is needed, or an explanation why there is none (docs/spec/resolver.md).

`terms`, `incompatibility`, `partial` and `solver` are PubGrub and know nothing of packs. `wanted` is what goes in, `run` what is called,
`provider`, `known` and `rules` say what packs mean to the solver, `explain`, `reasons` and `refusals` say it to people.
"""
