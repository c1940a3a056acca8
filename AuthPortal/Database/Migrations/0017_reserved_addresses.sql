-- While a change of address can be undone, the address before it is nobody else's: an account opened there meanwhile
-- would stand in the way of whoever takes theirs back.

alter table users
    add column email_before_canonical text check (length(email_before_canonical) between 3 and 320),
    -- Whether its owner had confirmed it: if not, the account may have been a stranger's from the beginning.
    add column email_before_confirmed boolean not null default true;

update users set email_before_canonical = lower(email_before) where email_before is not null;

create index on users (email_before_canonical) where email_before_canonical is not null;
