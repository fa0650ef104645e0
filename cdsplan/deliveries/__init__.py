"""A sheet of deliveries, as a spreadsheet writes it, and what of it goes into a journal."""
