-- A link to a new password that leads to a program's own page, and one that deletes the account, have a pace each of
-- their own: whoever causes the one must not keep its owner from the others.
alter table users
    add column program_reset_mailed_at timestamptz,
    add column deletion_mailed_at      timestamptz;

-- The list of devices asks for the sign-ins whose session is not over: text of one format, which sorts by time.
create index on audit_details (user_id, ((details ->> 'end') collate "C")) where (details ->> 'end') is not null;
