"""Themes: what many people talk about though nobody defined it; pure."""

from listener.domain.themes.finding import Grouping, group
from listener.domain.themes.theme import Move, Theme, Window, moved

__all__ = ["Grouping", "Move", "Theme", "Window", "group", "moved"]
