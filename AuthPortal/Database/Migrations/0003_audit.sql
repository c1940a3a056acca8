-- What happened. Nothing ever reads it to authenticate.
-- Two tables, so that a person can be forgotten while the chain still holds: an event keeps only the digest
-- SHA-256(salt || details) of what was personal about it; the details with their salt can be erased.

create table audit_events (
    seq             bigint generated always as identity primary key,
    at              timestamptz not null,
    type            text not null check (length(type) between 1 and 100),
    personal_digest bytea not null check (octet_length(personal_digest) = 32),
    -- The link to the event before it.
    hash            bytea check (octet_length(hash) = 32)
);

create table audit_details (
    seq        bigint primary key references audit_events on delete cascade,
    -- No foreign key to users: an event outlives the account it speaks of.
    user_id    uuid,
    sid        uuid,
    -- Text of any length, not inet: what a client or proxy claims about itself must never lose us an event.
    ip         text,
    user_agent text,
    details    jsonb not null,
    salt       bytea not null check (octet_length(salt) >= 16)
);

-- A person's own activity, newest first.
create index on audit_details (user_id, seq desc);
