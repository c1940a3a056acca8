-- The second factor: an authenticator app (RFC 6238), and the codes for the day it is lost.

create table totp_credentials (
    user_id      uuid primary key references users on delete cascade,
    -- Encrypted by the app, for this person alone.
    secret       text not null check (length(secret) <= 1024),
    -- The time step of the last code that was taken: no code is taken twice.
    last_step    bigint,
    created_at   timestamptz not null,
    -- Null until a code has shown that the app has the secret; until then nothing is asked for.
    confirmed_at timestamptz
);

create table recovery_codes (
    id         uuid primary key,
    user_id    uuid not null references users on delete cascade,
    -- A keyed digest: whoever reads the table learns no code.
    code_hash  bytea not null check (octet_length(code_hash) = 32),
    created_at timestamptz not null,
    used_at    timestamptz
);

create index on recovery_codes (user_id);
