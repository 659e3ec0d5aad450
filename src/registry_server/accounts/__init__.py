"""Accounts, the members under them, and the offices members hold at this registry.

An account is a person, a family, a company or an institution; who acts is always a member. A person's account has exactly one member.
Offices (`admin`, `reviewer`) belong to members. A reviewer's office only opens the queue: whose approval counts is signed offline.
"""
