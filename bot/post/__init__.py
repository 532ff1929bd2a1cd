"""What leaves: answers edited in place, letters and mails that are sent until they stand there."""
