"""What the commands of `registry-server` do, a module for each kind; `registry_server.cli` lists them all, with one line of help.

A command's docstring is its help. What only some commands need is imported inside them, so that the others start without it.
"""
