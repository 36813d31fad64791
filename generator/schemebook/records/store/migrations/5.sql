-- How each answer was read that stood in no field.
ALTER TABLE records ADD COLUMN recovered JSON;
ALTER TABLE anonymous_records ADD COLUMN recovered JSON;
