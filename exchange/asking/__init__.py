"""What other systems know of the person in front of the counter: asked for, shown, and kept nowhere."""
