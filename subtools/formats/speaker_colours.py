"""Colours of speakers, for formats that have colours."""

# Paul Tol's "light" scheme, less its olive, which is too near its pear; white for its grey,
# as television has it for whoever speaks first. Each is as far as can be from those before
# it, by the least of its distances in CIELAB to normal, protan and deutan eyes (Machado
# 2009). The contrast to black is 8 at least.
# Source: https://personal.sron.nl/~pault/ (qualitative schemes, figure "light")
COLOURS = ("ffffff", "bbcc33", "77aadd", "44bb99", "eedd88", "99ddff", "ee8866", "ffaabb")
