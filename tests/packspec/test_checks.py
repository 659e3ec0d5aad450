"""What is looked for in every file of a pack."""

import struct
import zlib

import pytest

from packspec.checks import FileLook, Level, PackLook
from packspec.checks.leaks import OVERLAP_BYTES, LeakSearch


def png(width, height):
    ihdr = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + ihdr + struct.pack(">I", zlib.crc32(b"IHDR" + ihdr))


def findings(path, data, kind="content", piece=1 << 20):
    look = FileLook(path, kind)
    for start in range(0, len(data), piece):
        look.feed(data[start : start + piece])
    return [(finding.code, finding.level, finding.line) for finding in look.done()]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle r="3"/></svg>'


def test_ordinary_files_are_found_without_fault():
    assert findings("a.svg", SVG) == []
    assert findings("a.png", png(512, 512)) == []
    assert findings("README.md", "# Häuser\n".encode()) == []
    assert findings("tool.py", b"print('hi')\n", kind="module") == []


def test_code_is_for_modules_and_tools():
    assert findings("tool.py", b"print('hi')\n") == [("publish.file-type", Level.ERROR, 0)]


@pytest.mark.parametrize("path", ["a.exe", "a.lnk", "desktop.ini", ".htaccess", ".git/config", "a", "a.html", "a.pem"])
def test_A47_files_that_act_are_refused_by_their_name(path):
    assert findings(path, b"x") == [("publish.file-type", Level.ERROR, 0)]


def test_a_file_whose_bytes_are_not_those_of_its_ending_is_refused():
    assert findings("a.png", SVG) == [("publish.file-content", Level.ERROR, 0)]
    assert findings("a.txt", b"MZ\x90\x00\x03") == [("publish.file-content", Level.ERROR, 0)]


@pytest.mark.parametrize(
    "inner",
    [
        b"<script>alert(1)</script>",
        b"<SCRIPT/>",
        b'<a onload="x()"/>',
        b"<foreignObject/>",
        b'<a href="javascript:x()"/>',
        b'<image href="https://other.example/pixel.png"/>',
        b"<image href='//other.example/pixel.png'/>",
    ],
)
def test_A47_a_picture_that_acts_or_fetches_is_refused_wherever_it_is_cut(inner):
    data = SVG.replace(b"<circle", b" " * 100 + inner + b"<circle")
    for piece in (1 << 20, 7, 1):
        assert findings("a.svg", data, piece=piece) == [("publish.svg-active", Level.ERROR, 0)]


def test_the_name_space_of_svg_is_no_foreign_address():
    assert (
        findings(
            "a.svg",
            SVG.replace(b"<circle", b'<use xlink:href="#a" xmlns:xlink="http://www.w3.org/1999/xlink"/><circle'),
        )
        == []
    )


@pytest.mark.parametrize(
    "secret",
    [
        b"-----BEGIN PRIVATE KEY-----",
        b"-----BEGIN RSA PRIVATE KEY-----",
        b"-----BEGIN OPENSSH PRIVATE KEY-----",
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----",
        b'{"kind":"p256","public":"MFkw","secret":"' + b"A" * 60 + b'","v":1}',
        b"pkt_a" + b"Cu0zCASVQ9XtdCewkS1r4oVmJ2ZhnrZNsZuCuMTcH1K0Ro52N",
        b"ghp_" + b"a" * 36,
        b"AKIA" + b"A" * 16,
        b"xoxb-" + b"1" * 20,
        b"sk_live_" + b"a" * 24,
    ],
)
def test_S19_secrets_of_known_forms_are_found_in_texts_with_their_line(secret):
    data = b"first line\nsecond " + secret + b"\nthird\n"
    assert findings("notes.md", data) == [("publish.secret", Level.ERROR, 2)]


def test_a_secret_across_two_pieces_is_found_with_its_line():
    secret = b"-----BEGIN EC PRIVATE KEY-----"
    data = b"line\n" * 1000 + secret + b"\n" + b"more\n" * 1000
    for piece in (3, 64, 4096, OVERLAP_BYTES):
        search = LeakSearch()
        for start in range(0, len(data), piece):
            search.feed(data[start : start + piece])
        assert search.found == {"a private key": 1001}


def test_words_that_only_look_like_a_beginning_are_no_secrets():
    data = b"AKIA is a prefix, pkt_ too, ghp_short, -----BEGIN PUBLIC KEY-----, sk_test_aaaaaaaaaaaaaaaaaaaaaaaa\n"
    assert findings("notes.md", data) == []


def test_A48_a_picture_of_huge_claimed_size_is_a_warning_and_is_not_decoded():
    assert findings("a.png", png(65_535, 65_535)) == [("publish.image-large", Level.WARNING, 0)]
    assert findings("a.png", png(4096, 4096)) == []


def test_findings_of_a_pack_come_by_path():
    look = PackLook("content")
    look.look_at("b.exe", [b"x"])
    look.look_at("a.png", [SVG])
    assert [finding.path for finding in look.done()] == ["a.png", "b.exe"]
