"""What is heard when: encoder states to posteriors over phones."""

from subtools.acoustics.classifying import Classifier, load_classifier

__all__ = ["Classifier", "load_classifier"]
