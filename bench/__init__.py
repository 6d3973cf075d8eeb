"""The benchmarks: each one command, each prints ratios of things measured side by side in one run."""
