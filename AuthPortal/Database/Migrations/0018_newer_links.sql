-- From when on the links of a kind count that were mailed to somebody: a newer one voids the older. Null where none was
-- mailed since there are these columns, and all count. Links that undo something have none: whoever took an account
-- over could have newer ones mailed.
alter table users
    add column confirm_links_from      timestamptz,
    add column reset_links_from        timestamptz,
    add column deletion_links_from     timestamptz,
    add column email_change_links_from timestamptz;
