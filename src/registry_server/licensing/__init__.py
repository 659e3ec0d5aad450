"""Who may use which pack: licenses with their plans, activations of machines, seats of persons (docs/spec/licenses.md).

Invariants: a holder has at most one license for a pack that is not revoked, and one trial of it for ever; what is in use never exceeds what
was sold, which the license's row lock and unique places hold each for itself; every change is an event with its number and its line in the
trail, all in one transaction. Status is computed, never stored. A license key is stored as an HMAC only.

Words: a license is *issued*; a machine, run or person takes a *place* in it: an *activation* or a *seat*. This room knows nothing of money.
"""
