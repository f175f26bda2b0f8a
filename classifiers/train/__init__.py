"""Making the models that ship: `python -m classifiers.train fast --data DIR`."""
