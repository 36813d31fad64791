-- Pages of forms whose other pages have not come, until the same person sends those.
CREATE TABLE lone_pages (
    record VARCHAR(32) PRIMARY KEY,
    edition VARCHAR(8) NOT NULL,
    whose VARCHAR(330) NOT NULL,
    pages JSON NOT NULL,
    received VARCHAR(20) NOT NULL,
    settled BOOLEAN NOT NULL,
    joined VARCHAR(32)
);
CREATE INDEX lone_pages_of ON lone_pages (whose, edition);
