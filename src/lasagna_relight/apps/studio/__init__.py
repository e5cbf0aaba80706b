"""The studio: a local web page where light is set by hand, and its server."""
