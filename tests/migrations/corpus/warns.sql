-- Each loses nothing by itself, and is to be pointed out.
alter table public.profiles disable row level security
----
ALTER TABLE profiles DISABLE /* off */ ROW LEVEL SECURITY
----
alter table t no force row level security
----
grant select on public.profiles to anon
----
grant all on all tables in schema public to authenticated, anon
----
GRANT EXECUTE ON FUNCTION f() TO public
----
alter default privileges in schema public grant select on tables to anon
----
create policy p on t for select to anon using (true)
----
create policy p on t using (true)
----
create function f() returns int language sql security definer as 'select 1'
----
create or replace function public.f() returns trigger language plpgsql security definer as $$ begin delete from t; return new; end $$
----
alter function f() security definer
----
create view v as select * from public.profiles
----
alter table t rename column a to b
----
alter table t rename to u
----
alter table t set schema other
----
alter table t owner to anon
----
alter table t disable trigger all
----
alter table t drop constraint t_check
----
alter table t add constraint c check (a > 0)
----
alter table t add constraint f foreign key (a) references u (id) on delete cascade
----
alter table t alter column a set not null
----
alter table t add column a int not null
----
alter table t add column a uuid default gen_random_uuid()
----
alter table t add column a bigserial
----
alter table t add column a int references u (id)
----
alter table t alter column a type text
----
alter table t set tablespace fast
----
create index i on t (a)
----
create unique index on t (a)
----
drop index i
----
drop policy p on t
----
drop trigger tr on t
----
drop function f()
----
drop view v
----
drop role old
----
revoke select on t from authenticated
----
create role app login
----
alter role app superuser
----
lock table t in access exclusive mode
----
refresh materialized view v
----
alter policy p on t using (true)
----
vacuum full t
----
create policy p on t to authenticated, anon using (true)
----
create policy p on t for select to "anon" using (true)
----
create view v with (security_invoker = false) as select 1
----
create view v as select security_invoker
----
set lock_timeout = 0
----
set local lock_timeout to '1h'
----
reset lock_timeout
----
set lock_timeout = '60 s'
