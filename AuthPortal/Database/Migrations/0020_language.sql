-- In which language somebody signed up: what warns them is written in it, whoever causes it. Null for who came before,
-- or was brought: then in that of whoever causes it.
alter table users add column language text;
