"""The classifiers, tested."""
