"""Sounds: short tunes and noises, computed sample by sample, as WAV (RIFF, PCM 16 bits, one channel, 16,000 samples a second).

Noise comes from a linear congruential generator with a fixed seed, so it is the same everywhere.
"""

import math
import struct
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

RATE = 16_000
"""Samples a second."""
LOUD = 0.8
"""The loudest sample, as a part of what 16 bits hold: room so that nothing is cut off."""

Wave: TypeAlias = Callable[[float], float]
"""One turn of a tone: a phase from 0 to 1 gives -1 to 1."""


def sine(phase: float) -> float:
    """A pure tone."""
    return math.sin(2 * math.pi * phase)


def reed(phase: float) -> float:
    """A nasal tone with overtones that fall off, as of a reed or a throat."""
    angle = 2 * math.pi * phase
    return 0.55 * math.sin(angle) + 0.3 * math.sin(2 * angle) + 0.22 * math.sin(3 * angle) + 0.12 * math.sin(5 * angle)


def bell(phase: float) -> float:
    """A tone with one high overtone, as of a small bell."""
    return 0.7 * math.sin(2 * math.pi * phase) + 0.3 * math.sin(2 * math.pi * phase * 4)


class Tone(Struct, frozen=True):
    """A tone that glides from one pitch to another. Pitches in hertz, times in seconds.

    `shake` is how far the pitch trembles, as a part of it, `shakes` times a second; `rough` mixes noise in, from 0 to 1; `fade` is how
    fast it dies away: 0 holds, 6 rings like a bell.
    """

    start: float
    end: float
    seconds: float
    wave: Wave = sine
    loud: float = 1.0
    shake: float = 0.0
    shakes: float = 6.0
    rough: float = 0.0
    fade: float = 0.0


class Rest(Struct, frozen=True):
    """Silence."""

    seconds: float


def wav(parts: Iterable[Tone | Rest]) -> bytes:
    """The WAV file of `parts`, one after another."""
    samples = array("h")
    noise = 20_261_120
    for part in parts:
        if isinstance(part, Rest):
            samples.extend([0] * int(part.seconds * RATE))
        else:
            noise = _add(samples, part, noise)
    if struct.pack("=H", 1) != b"\x01\x00":
        samples.byteswap()
    data = samples.tobytes()
    form = struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + b"data"
        + struct.pack("<I", len(data))
        + data
    )


def _add(samples: "array[int]", tone: Tone, noise: int) -> int:
    """Appends a tone; the state of the noise after it."""
    count, phase = int(tone.seconds * RATE), 0.0
    edge = min(count // 4, RATE // 80) or 1
    for index in range(count):
        part = index / count
        pitch = tone.start + (tone.end - tone.start) * part
        if tone.shake:
            pitch *= 1 + tone.shake * math.sin(2 * math.pi * tone.shakes * index / RATE)
        phase = (phase + pitch / RATE) % 1
        value = tone.wave(phase)
        if tone.rough:
            noise = (noise * 1_103_515_245 + 12_345) % 2**31
            value += tone.rough * (noise / 2**30 - 1 - value)
        # without soft ends every tone would click
        level = tone.loud * min(1.0, index / edge, (count - index) / edge) * math.exp(-tone.fade * part)
        samples.append(int(32_767 * LOUD * max(-1.0, min(1.0, value * level))))
    return noise


NOTES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "H": 11}
"""Half tones above C."""


def melody(notes: str, beat: float = 0.25, wave: Wave = bell, *, octave: int = 4) -> bytes:
    """A tune from `notes`: letters C to H, `'` an octave higher, `-` holds for one more beat, `.` is a rest. Blanks are skipped."""
    parts: list[Tone | Rest] = []
    for word in notes.split():
        if word[0] == ".":
            parts.append(Rest(beat * len(word)))
            continue
        half_tones = NOTES[word[0]] + 12 * (octave - 4 + word.count("'"))
        pitch = 261.63 * 2 ** (half_tones / 12)
        parts.append(Tone(pitch, pitch, beat * (1 + word.count("-")), wave, loud=0.8, fade=2.5))
    return wav(parts)


def repeated(part: Sequence[Tone | Rest], times: int, gap: float) -> list[Tone | Rest]:
    """`part` several times, with silence of `gap` seconds in between."""
    told: list[Tone | Rest] = []
    for index in range(times):
        told += [Rest(gap), *part] if index else part
    return told
