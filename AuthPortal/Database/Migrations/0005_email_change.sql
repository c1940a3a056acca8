-- When the address was last changed. It is not changed again while that may be undone from the old address: else a
-- thief could change it twice, and the link that undoes the second change would be their own.
alter table users add column email_changed_at timestamptz;
