"""What each target has of its own, for everybody: where values are passed."""
