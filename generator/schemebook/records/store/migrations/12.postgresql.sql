-- The id is made of file and part. SQLite would write the whole table anew for this, and keeps the second index.
ALTER TABLE records DROP CONSTRAINT IF EXISTS records_sha256_part_key;
