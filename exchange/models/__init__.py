"""What comes from other systems (inbox) and what goes to them (outbox)."""
