-- The message that a file came with.
ALTER TABLE records ADD COLUMN sender VARCHAR(320);
ALTER TABLE records ADD COLUMN message_id VARCHAR(320);
