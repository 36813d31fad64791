-- Objects of object storage of which everything is here, so that none is fetched again.
CREATE TABLE objects_taken (
    hash VARCHAR(32) PRIMARY KEY,
    sha256 VARCHAR(64)
);
