"""Pure: facts in, Block Kit out."""
