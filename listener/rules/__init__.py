"""When to worry: rules that look at numbers and say what they see; pure."""
