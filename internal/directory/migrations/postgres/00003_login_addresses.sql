-- +goose Up

-- The verified e-mail, in lower case, that a login signed up with; NULL: none is known.
ALTER TABLE subjects ADD COLUMN address TEXT COLLATE "C" CHECK (octet_length(address) BETWEEN 3 AND 508);

CREATE INDEX subjects_address ON subjects (address);
