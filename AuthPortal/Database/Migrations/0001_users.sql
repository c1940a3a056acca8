-- Who exists. Nothing here says who is signed in: that is the tokens' business.

create table users (
    id                uuid primary key,
    -- As typed, for showing to its owner.
    email             text not null check (length(email) between 3 and 320),
    -- As compared, computed by the app in one place. Plain text: citext equates characters that .NET does not.
    email_canonical   text not null unique check (length(email_canonical) between 3 and 320),
    email_verified_at timestamptz,
    -- The app allows 100 UTF-16 units, so never more than 100 characters: the belt is wider than the trousers.
    name              text not null check (length(name) <= 200),
    image             text check (length(image) <= 10000),
    -- Tagged with its scheme. Null for people who have passkeys only.
    password_hash     text check (length(password_hash) <= 1024),
    -- Tokens carry it as `ver`: raising it ends every session of this person.
    session_version   int not null default 1 check (session_version >= 1),
    roles             text[] not null default '{}' check (array_position(roles, null) is null),
    disabled_at       timestamptz,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    last_sign_in_at   timestamptz
);
