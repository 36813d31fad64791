-- Copies of forms that were made for one person each.
CREATE TABLE issued (
    token VARCHAR(8) NOT NULL,
    scheme VARCHAR(60) NOT NULL,
    form VARCHAR(60) NOT NULL,
    version INTEGER NOT NULL,
    edition VARCHAR(8) NOT NULL,
    person VARCHAR(320) NOT NULL,
    occasion VARCHAR(60) NOT NULL,
    whose VARCHAR(60) NOT NULL,
    name TEXT,
    email VARCHAR(320),
    issued VARCHAR(20) NOT NULL,
    PRIMARY KEY (token),
    UNIQUE (scheme, form, edition, person, occasion)
);
