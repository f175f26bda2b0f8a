"""Words, numbers and charts, as text or bytes; pure."""
