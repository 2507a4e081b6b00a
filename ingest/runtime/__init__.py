"""What every daemon and command shares: sessions, ticks, signals, the terminal."""
