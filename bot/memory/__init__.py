"""How the memory is guarded: the key of its chain, the head posted where nobody takes it back, copies."""
