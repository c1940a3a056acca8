-- How often something may still be tried (GCRA). Unlogged: a crash of the server forgets it, and nobody can bring one
-- about by trying.

create unlogged table throttle (
    -- A keyed digest of what is limited and for whom: no address and no account can be read from it.
    key bytea primary key check (octet_length(key) = 32),
    -- The theoretical arrival time. Once past, the row says nothing and may go.
    tat timestamptz not null
);

-- Cleaning asks for those that are past.
create index on throttle (tat);
