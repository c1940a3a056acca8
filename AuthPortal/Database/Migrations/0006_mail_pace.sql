-- When a stranger last caused a mail to this person by typing their address: no more than one a minute of each kind.

alter table users
    add column sign_up_mailed_at timestamptz,
    add column reset_mailed_at   timestamptz;
