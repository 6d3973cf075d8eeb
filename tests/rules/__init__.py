"""The rules against oracles that were made independently of them: numpy, brute force, tables written by hand."""
