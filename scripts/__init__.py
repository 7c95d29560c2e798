"""What makes, measures and checks subtools, from outside."""
