-- Which password this is, whatever its hash: what was mailed to replace it ends when it is changed, and goes on when
-- the same password is hashed anew.
alter table users add column password_id uuid not null default gen_random_uuid();

-- Whom a letter is about, to whatever address: who is deleted takes it along. Null for a goodbye.
alter table outbox add column user_id uuid;
update outbox set user_id = users.id from users where users.email = outbox.to_address;
create index on outbox (user_id);
