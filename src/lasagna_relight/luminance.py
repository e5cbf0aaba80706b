"""How much of the luminance each channel has. Source: IEC 61966-2-1, the weights of Rec. 709."""

LUMINANCE_WEIGHTS = (0.2126, 0.7152, 0.0722)
"""Of red, green and blue."""
