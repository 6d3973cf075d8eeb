"""Pure recruiting rules: the standard library only; no row, no request, no clock."""
