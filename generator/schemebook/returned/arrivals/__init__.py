"""Where returns come from: files, folders, zips, messages, mailboxes, object storage -> ReturnedPdf with provenance."""
