"""Reaching a registry: connections, calls of protocol rows, bulk transfers and credentials."""
