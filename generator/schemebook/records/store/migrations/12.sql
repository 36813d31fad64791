-- No query asks for records of one form, and those of a scheme are most of a store.
DROP INDEX IF EXISTS records_by_form;
