-- What ended before its time. Read as a whole into each instance's memory, never per request.

create table revocations (
    id            uuid primary key,
    kind          text not null check (kind in ('session', 'user')),
    -- No foreign key, by design: when a person is deleted, their revocation must outlive the row it speaks of.
    user_id       uuid not null,
    -- One session: this sid, which ends but once.
    sid           uuid unique,
    -- All sessions of a person: those whose version is below this one.
    below_version int check (below_version >= 1),
    at            timestamptz not null default now(),
    -- When the last token it could concern has run out, and the row may go.
    expires_at    timestamptz not null,
    check ((kind = 'session') = (sid is not null)),
    check ((kind = 'user') = (below_version is not null))
);

-- Pollers ask for what is new since they last asked.
create index on revocations (at);
create index on revocations (user_id);
-- Cleaning asks for what has run out.
create index on revocations (expires_at);
