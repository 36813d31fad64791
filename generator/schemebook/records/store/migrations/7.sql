-- The locked answers with which a copy was made, to compare with what comes back.
ALTER TABLE issued ADD COLUMN locked JSON;
