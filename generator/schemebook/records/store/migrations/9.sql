-- Whether a message whose returns are here was marked as seen on its server since.
ALTER TABLE mail_taken ADD COLUMN marked BOOLEAN DEFAULT true NOT NULL;
