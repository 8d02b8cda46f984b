"""What developers run: generated pages, mutants, benchmarks."""
