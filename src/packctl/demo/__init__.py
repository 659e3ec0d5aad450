"""The demo: packs drawn by code, and the story that publishes, installs and verifies them on a registry of its own.

Everything here is made from numbers in these files: no random source, no clock, no network. So the same code gives the same pictures and
sounds everywhere. The pictures are plain: flat colors, round forms, no text that would need a font.
"""
