-- What one account can write must not make what others ask for slow.

-- Letters with links leave before those that tell of something.
create index on outbox (is_notice, next_attempt_at, id);

-- Under which version a session counts: the highest that its events name.
create index on audit_details (sid, ((details ->> 'version')::int)) where (details ->> 'version') is not null;
