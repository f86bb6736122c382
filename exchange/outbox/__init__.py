"""What goes to other systems: peers and how they are spoken to, messages taken over from the ground
floor's outbox, their sending, what differs between here and there.
"""
