"""Tools to draw and to sound with: shapes, sheets written as SVG or PNG, letters from strokes, tunes as WAV. Standard library only."""
