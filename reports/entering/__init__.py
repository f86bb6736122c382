"""Forms that are entered by hand: a form is loaded from a file, a period's figures are typed."""
