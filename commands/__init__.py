"""What people may ask: one file, one subcommand of /aikeys."""
