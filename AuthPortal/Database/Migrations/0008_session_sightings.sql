-- When a session was last renewed, for the list of devices. A report, written some time afterwards by whichever
-- instance renewed it: no renewal reads it, and without it every session goes on.

create table session_sightings (
    sid        uuid primary key,
    user_id    uuid not null references users on delete cascade,
    seen_at    timestamptz not null,
    -- When the session is over, and the row may go.
    expires_at timestamptz not null
);

create index on session_sightings (user_id);
create index on session_sightings (expires_at);
