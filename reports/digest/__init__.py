"""What each officer has to do today: the same for the page and for the letter of the morning."""
