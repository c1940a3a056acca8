-- The log proves itself: one sealer at a time gives each event its place in a chain of hashes, and nothing changes
-- after that. What a database's owner does all the same, `audit verify` finds.

alter table audit_events
    -- In the chain, without a gap. Not seq: what began earlier may be committed later.
    add column place bigint unique,
    add check ((place is null) = (hash is null));

-- The sealer asks for those that have none yet.
create index on audit_events (seq) where hash is null;

-- A chain can't tell that its end was cut off: its last hash stands here, too.
create table audit_head (
    id           int primary key default 1 check (id = 1),
    -- The last event sealed.
    place        bigint not null check (place >= anchor_place),
    hash         bytea not null check (octet_length(hash) = 32),
    -- The last event that retention removed: the first one left follows from its hash.
    anchor_place bigint not null check (anchor_place >= 0),
    anchor_hash  bytea not null check (octet_length(anchor_hash) = 32),
    -- Since which place every head was found signed by the portal's own secret.
    signed_from  bigint not null check (signed_from >= 0),
    -- A keyed digest of all this: who has the database alone can't write another chain.
    signature    bytea check (octet_length(signature) = 32)
);

insert into audit_head (place, hash, anchor_place, anchor_hash, signed_from)
values (0, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), 'hex'), 0);

create function audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'The audit log is only ever added to: % on % is refused.', lower(tg_op), tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

-- An event goes when retention has moved the chain's beginning past it, and none that is younger than a month.
create function audit_event_may_go() returns trigger language plpgsql as $$
begin
    if old.at < now() - interval '30 days' and old.place <= (select anchor_place from audit_head) then
        return old;
    end if;
    raise exception 'Events leave the audit log by retention alone (Audit__KeepDays).'
        using errcode = 'insufficient_privilege';
end
$$;

-- Details go with their event, or after the person they are about.
create function audit_details_may_go() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from audit_events where seq = old.seq)
        or (old.user_id is not null and not exists (select 1 from users where id = old.user_id))
    then
        return old;
    end if;
    raise exception 'Details leave the audit log with their event or after their person.'
        using errcode = 'insufficient_privilege';
end
$$;

create trigger begins_unsealed before insert on audit_events
    for each row when (new.hash is not null)
    execute function audit_refuse();

create trigger is_sealed_once before update on audit_events
    for each row when (
        old.hash is not null or new.hash is null
        or (old.seq, old.at, old.type, old.personal_digest)
            is distinct from (new.seq, new.at, new.type, new.personal_digest))
    execute function audit_refuse();

create trigger goes_by_retention before delete on audit_events
    for each row execute function audit_event_may_go();

create trigger is_never_altered before update on audit_details
    for each row execute function audit_refuse();

create trigger goes_with_its_person before delete on audit_details
    for each row execute function audit_details_may_go();

create trigger only_moves_on before update on audit_head
    for each row when (new.place < old.place or new.anchor_place < old.anchor_place)
    execute function audit_refuse();

create trigger stays before delete on audit_head
    for each row execute function audit_refuse();

create trigger is_never_emptied before truncate on audit_events execute function audit_refuse();
create trigger is_never_emptied before truncate on audit_details execute function audit_refuse();
create trigger is_never_emptied before truncate on audit_head execute function audit_refuse();

-- Which keys the log last told of, so that a change is told once and not by every instance. No key can be learnt from
-- it: a digest of derived bytes.
create table audited_keys (
    id          int primary key default 1 check (id = 1),
    fingerprint bytea not null check (octet_length(fingerprint) = 32)
);
