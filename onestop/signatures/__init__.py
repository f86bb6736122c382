"""Digital signatures on PDF files: made (PAdES) and checked, each in a process of its own."""
