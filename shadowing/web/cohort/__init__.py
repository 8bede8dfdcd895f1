"""Pages of cohort days."""
