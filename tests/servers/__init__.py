"""Local servers that speak what the real services speak."""
