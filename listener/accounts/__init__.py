"""Who may do what: users and their passwords, sessions, and tokens of programs."""
