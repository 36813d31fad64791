-- What people decided about records: accepted, corrected, voided, given to somebody else.
CREATE TABLE changes (
    record VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    who VARCHAR(320) NOT NULL,
    at VARCHAR(20) NOT NULL,
    field TEXT,
    reason TEXT,
    old JSON,
    new JSON,
    answers JSON,
    problems JSON,
    PRIMARY KEY (record, number)
);
