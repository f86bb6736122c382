"""Pages of the catalogue: public, the clerk's search, the controller's desk."""
