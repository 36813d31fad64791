-- The message that a file came with.
ALTER TABLE records ADD COLUMN sender VARCHAR(320);
ALTER TABLE records ADD COLUMN message_id VARCHAR(320);
CREATE TABLE mail_taken (
    mailbox VARCHAR(500) NOT NULL,
    validity BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    PRIMARY KEY (mailbox, validity, uid)
);
