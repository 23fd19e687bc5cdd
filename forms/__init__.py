"""What a known kind of document must hold: named fields and the sums that tie them."""
