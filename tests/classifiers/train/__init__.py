"""Training the models that ship, tested on sets made up here."""
