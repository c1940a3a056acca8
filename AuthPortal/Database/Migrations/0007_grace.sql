-- When a deleted account is erased. Until then signing in restores it. Null for everybody else.
alter table users add column erase_at timestamptz;

-- The sweep asks for those past due, and hardly anybody has one.
create index on users (erase_at) where erase_at is not null;
