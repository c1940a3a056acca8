-- Who was erased, by a keyed digest of their id: a backup that is restored brings them back, and this list, kept apart,
-- erases them again (`erasures export`, `restore finish`). It tells nobody who they were.
create table erasures (
    digest bytea       primary key,
    at     timestamptz not null default now()
);
