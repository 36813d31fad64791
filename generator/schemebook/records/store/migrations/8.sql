-- On which pages of a file that holds several forms this one lies.
ALTER TABLE records ADD COLUMN pages JSON;
