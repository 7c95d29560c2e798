"""What restores marks, fitted and measured."""
