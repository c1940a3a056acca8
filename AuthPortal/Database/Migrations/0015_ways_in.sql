-- An app that waits for its first code is kept by the browser that sets it up, no longer here: whoever began it may be
-- somebody else. What was begun goes, with the recovery codes that were shown for it.
delete from totp_credentials where confirmed_at is null;
delete from recovery_codes where not exists (select from totp_credentials where user_id = recovery_codes.user_id);

-- The address before the last change, and when that was asked for: while it can be undone, whoever has the old mailbox
-- hears of a deletion, and factors that were added since are known from those that are older. Null afterwards.
-- And when the account was last taken back from somebody: for as long after that, nobody changes its address or erases
-- it, since a factor that is older than what was undone may be the intruder's too.
alter table users
    add column email_before          text check (length(email_before) between 3 and 320),
    add column email_change_asked_at timestamptz,
    add column taken_back_at         timestamptz;

create index on users (email_changed_at) where email_before is not null;

-- What tells a person of something that was done to their account. It leaves even if the account is gone by then: or
-- whoever did it could keep it from them by deleting the account.
alter table outbox add column is_notice boolean not null default false;
