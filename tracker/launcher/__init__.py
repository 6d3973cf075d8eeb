"""What the launcher does before the tracker can be imported: the standard library only."""
