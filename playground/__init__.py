"""The outside world on loopback: a Slack workspace, a Supabase project, the wallet, a mailbox."""
