"""Relight an object in a picture by words; the edit is two luminosity layers."""
