"""Who is asking, and what they may do: API tokens, and the table of roles and actions.

A token is never stronger than its member is at the time of use; revoking works on the next request. A token that was asked for with another
may do no more than that one, ends when that one is revoked, and makes no tokens itself: so revoking one token ends all that a thief of it
could have made. The registry keeps digests of tokens, never tokens.
"""
