"""What a person reads in a terminal; the only room that knows rich."""
