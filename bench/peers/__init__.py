"""The programs that are measured: ours, and what stands where ours could."""
