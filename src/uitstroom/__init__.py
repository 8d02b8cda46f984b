"""uitstroom: what became of the people in a service's measures, answered so that it can be defended."""

__version__ = "0.1.0"
