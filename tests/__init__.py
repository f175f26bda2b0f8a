"""The house again, room by room."""
