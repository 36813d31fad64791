-- What was found out about the digital signatures of a file.
ALTER TABLE records ADD COLUMN signatures JSON;
