-- Public keys that people sign in with (WebAuthn level 3). Nothing here opens anything.

create table passkeys (
    id                uuid primary key,
    user_id           uuid not null references users on delete cascade,
    -- Chosen by the authenticator; one belongs to one person.
    credential_id     bytea not null unique check (length(credential_id) between 1 and 1023),
    -- A COSE_Key (RFC 9052 §7).
    public_key        bytea not null check (length(public_key) <= 2048),
    -- 32 bits without a sign. Of authenticators that never count it stays 0.
    sign_count        bigint not null check (sign_count between 0 and 4294967295),
    transports        text[] not null check (array_position(transports, null) is null),
    backup_eligible   boolean not null,
    backed_up         boolean not null,
    -- The authenticator's make; zeros where it does not say.
    aaguid            uuid not null,
    name              text check (length(name) between 1 and 200),
    created_at        timestamptz not null,
    last_used_at      timestamptz,
    -- When the challenge was made that was signed last. The next must be younger: so one assertion counts once.
    last_challenge_at timestamptz
);

create index on passkeys (user_id);
