"""Many nominees by one workbook."""
