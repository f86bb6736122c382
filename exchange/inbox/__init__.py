"""What other systems send: taken in, kept, read by a dated table, put before the counter."""
