-- All that a copy held when it was made, to know one that comes back unchanged.
ALTER TABLE issued ADD COLUMN held JSON;
