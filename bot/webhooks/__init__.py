"""Webhooks: what came in, how the endpoint is set up, and the proof that it accepts what is rightly signed."""
