"""Reviews: what the calendar or a broken glass asks somebody to look at and sign."""
