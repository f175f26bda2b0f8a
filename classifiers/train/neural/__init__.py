"""Making `default`: a small BERT for all languages, from the weights of multilingual-e5-small."""
