"""Operations that survive: an effect is written down before, asked about after a crash, never blindly repeated."""
