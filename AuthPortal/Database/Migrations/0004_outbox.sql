-- What is to be mailed, written in the transaction of what caused it. A row is gone once its mail is sent: what it
-- says is personal, and its link opens an account.

create table outbox (
    -- In time order, and the mail's Message-Id: who receives it twice can tell.
    id              uuid primary key,
    to_address      text not null check (length(to_address) between 3 and 320),
    to_name         text not null check (length(to_name) <= 200),
    subject         text not null check (length(subject) between 1 and 200),
    text_body       text not null,
    html_body       text not null,
    -- All times are the database's own, so that instances need not agree on theirs.
    created_at      timestamptz not null default now(),
    attempts        int not null default 0 check (attempts >= 0),
    -- Also the lease: who claims a row puts this off until nobody could still be sending it. In Development, where
    -- mail is shown instead of sent, it is infinity.
    next_attempt_at timestamptz not null default now(),
    -- What kind of failure, never a server's own words: those hold addresses.
    last_error      text check (length(last_error) <= 200)
);

create index on outbox (next_attempt_at);
