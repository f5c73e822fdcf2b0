"""URLs: where a link would lead, read as browsers read it, and whether anybody may be led there."""
