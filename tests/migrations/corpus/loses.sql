-- Each may lose data that is there. Parted by lines of four dashes; all are our own.
drop table public.payment_events
----
DROP TABLE IF EXISTS "Payment Events" CASCADE;
----
drop/**/table/**/x
----
drop -- table
table x
----
/* drop */ drop /* table */ table t
----
/* nested /* comment */ still one */ drop table t
----
select 'harmless'; drop table t
----
select ''';'; drop table t; --'
----
select $$ ; $$; drop table t
----
select $a$ $b$ $a$; drop table t; select $b$x$b$
----
select E'\''; drop table t; --'
----
select e'a\\'; drop table t
----
select e'one'
  '\''; drop table t; --'
----
select 'one'
  '\'; drop table t
----
select e'x' -- a comment
'\''; drop table t; --'
----
select U&'\0027'; drop table t
----
select U&"a" from t; drop table t
----
select 1 as "a;b"; drop table t
----
select 1 as "a""; drop table harmless"; drop table t
----
select xe'\'; drop table t
----
select 1; ; ;; drop table t
----
create table a (b int); alter table a drop column b
----
alter table public.profiles drop column email
----
alter table only public.profiles drop if exists email cascade
----
alter table public.profiles add column a int, drop b
----
alter table profiles add column a text default ',', drop column b
----
alter table profiles add constraint c check (a in (1, 2)), drop column b
----
ALTER TABLE t ALTER COLUMN amount TYPE numeric(10,2)
----
alter table t alter amount set data type integer using amount::integer
----
alter table t alter column a type varchar(3)
----
alter table t alter column a type text using null
----
alter table t alter column a type text collate "C" using left(a, 1)
----
alter table t set unlogged
----
alter table t detach partition t_2024
----
alter table t detach partition t_2024 concurrently
----
alter table t add column b uuid default public.wipe()
----
alter table t alter column a set default wipe()
----
alter table t add constraint c check (public.wipe(a))
----
alter table t alter column a type text using wipe(a)
----
alter table t alter column g set expression as (0)
----
alter type money_amount drop attribute currency
----
alter type money_amount drop attribute if exists currency cascade
----
alter type money_amount alter attribute amount type int
----
alter sequence invoice_numbers restart
----
alter sequence invoice_numbers restart with 1
----
alter extension postgis drop table spatial_ref_sys
----
alter publication supabase_realtime drop table payments
----
drop schema billing cascade
----
drop schema if exists a, b
----
drop sequence invoice_numbers
----
drop extension pgcrypto
----
drop extension if exists pg_cron cascade
----
drop type status cascade
----
drop domain amount cascade
----
drop function next_number() cascade
----
drop view v cascade
----
drop materialized view v cascade
----
drop owned by old_app
----
drop database old
----
drop server other cascade
----
drop publication supabase_realtime
----
truncate payment_events
----
truncate table only a, b restart identity cascade
----
TRUNCATE/**/t
----
delete from t
----
delete from t where id = 1
----
delete from only public."T" using u where t.a = u.a
----
DELETE FROM t WHERE true
----
with gone as (delete from t where created_at < now() returning *) select count(*) from gone
----
with gone as (delete from t returning *) insert into archive select * from gone
----
with a as (select 1), b as (update t set x = 1 returning *) select * from b
----
with recursive a as (select 1 union all select 1), "b" as materialized (delete from t returning 1) table b
----
insert into t select * from (with gone as (delete from u returning *) select * from gone) s
----
with x as (insert into t (a) values (1) on conflict (a) do update set a = 2 returning *) select * from x
----
update t set balance = 0
----
update t set balance = balance * 100 where currency = 'USDC'
----
update t set a = 1 where a is not null
----
update t set a = 1, b = 2 where a is null
----
update t set a = 1 where a is null or true
----
update t set a = 1 where (a is null) is not null
----
update t set (a, b) = (select 1, 2)
----
update t as x set a = u.a from u where u.id = x.id and u.a is null
----
update t set a[1] = 2 where a is null
----
insert into t (id, a) values (1, 2) on conflict (id) do update set a = excluded.a
----
insert into t (id) select 1 on conflict on constraint t_pkey do update set a = 0 where t.a is null
----
merge into t using s on t.id = s.id when matched then delete
----
merge into t using s on t.id = s.id when matched then update set a = s.a when not matched then insert values (s.id)
----
do $$ begin execute 'dr' || 'op table t'; end $$
----
do language plpgsql 'begin delete from t; end'
----
do $x$ begin null; end $x$
----
DO E'begin drop table t; end'
----
call wipe()
----
call public.wipe(1, 'a')
----
select wipe()
----
select public.wipe(1)
----
select * from public.wipe()
----
select 1 from t where wipe(t.a)
----
select "wipe"()
----
select wipe /* a comment */ ()
----
select public.count(1)
----
select lo_unlink(1)
----
select pg_terminate_backend(pid) from pg_stat_activity
----
select setval('invoice_numbers', 1)
----
select pg_catalog.setval('invoice_numbers', 1)
----
select dblink_exec('host=x', 'drop table t')
----
select query_to_xml('delete from t returning 1', true, false, '')
----
select set_config('standard_conforming_strings', 'off', false)
----
select cron.unschedule(1)
----
select vault.create_secret('a', 'b')
----
insert into t select wipe(a) from u
----
create table copy as select wipe() as a
----
create table copy as with gone as (delete from t returning *) select * from gone
----
create table generated as execute plan
----
create table copy as execute plan
----
create materialized view v as select wipe() as a
----
create index i on t (wipe(a))
----
create unique index i on t (a) where public.wipe(a)
----
prepare plan as delete from t
----
execute plan
----
explain analyze delete from t
----
explain (analyze) update t set a = 1
----
copy t from '/etc/passwd'
----
copy (select 1) to program 'rm -rf /'
----
copy t from stdin
----
set standard_conforming_strings = off
----
set local standard_conforming_strings to off
----
set backslash_quote = on; select '\''; drop table t
----
set session_replication_role = replica
----
set role supabase_admin
----
set session authorization postgres
----
reset all
----
discard all
----
create rule r as on insert to t do instead delete from t
----
create rule r as on update to t do also (delete from u; delete from v)
----
create event trigger e on ddl_command_start execute function f()
----
create function f() returns int language sql begin atomic delete from t; select 1; end
----
create function f() returns int language sql begin atomic select 1 as case; end; drop table t
----
create or replace procedure p() language sql begin atomic truncate t; end
----
create database other
----
alter system set wal_level = 'minimal'
----
alter database postgres set session_replication_role = 'replica'
----
load 'library'
----
import foreign schema public from server s into other
----
reassign owned by a to b
----
security label on table t is 'x'
----
listen x; drop table t
----
\! rm -rf /
----
\i other.sql
----
select 1 \; drop table t
----
drop table таблица
----
drop table "таблица с пробелом"
----
DROP TABLE ｔａｂｌｅ
----
drop table t＿x; select '；'
----
select 1; dr op table t
----
drop table t
----
drop table;
----
select 'unfinished
----
select "unfinished
----
/* unfinished drop table t
----
select $$ unfinished; drop table t
----
select 1 {% drop table t %}
----
select {{ x }}
----
{# #} drop table t
----
select 1; drop
table
t
----
alter table t rename to old; drop table old
----
select 1 where exists (select 1); delete from t where a = ';'
----
insert into t values ('a'); insert into t values ('b''); drop table t; --'); drop table t
----
create table a (x text default $q$;$q$); drop table a
----
grant select on t to anon; delete from t
----
comment on table t is 'drop table t'; drop table t
----
with t as (select 1) delete from u using t
----
(with d as (delete from t returning 1) select * from d)
----
table t; truncate t
----
values (1); truncate t
----
alter table t add column a int generated always as (wipe(b)) stored
----
alter view v rename to w; drop table x
----
select 1e'\''; drop table t; --'
----
select 1 into copy from wipe()
----
cluster t; drop table t
----
notify x; drop table t
----
vacuum t; drop table t
----
select now(); select now() ; -- ' 
drop table t
----
select '--'; drop table t
----
select '/*'; drop table t; select '*/'
----
select "/*"; drop table t; select "*/"
----
select $1; drop table t
----
select a $b$ from t; drop table t; select $b$ $b$
----
create table x as (select generated always, wipe() from t)
----
create table t_2025 partition of t for values from (wipe()) to (2)
----
alter table t attach partition p for values in (wipe())
----
select get_path(a) from t
----
select public.lower('x')
----
set search_path = public, pg_catalog; select lower('x')
----
insert into t (a) values (json_extract(1))
----
select * from t where object_insert(a, b)
----
create index i on t using gin (wipe(a))
----
select * from evil.format('x')
----
select * from public.now()
----
insert into t select * from evil.generate_series(1, 2)
----
select x.* from public.unnest(1) as x
----
select "Format"('x')
----
set search_path = evil, pg_catalog; select now()
----
set local search_path to public, pg_catalog
----
select * from t join u on object_insert(t.a, u.b)
----
insert into t select * from u join v on object_insert(u.a, v.b) is null
----
create trigger x after insert on public.t for each row execute function f(); insert into t (a) values (1)
----
create trigger x after delete or insert on t execute function f(); with a as (select 1) insert into public.t select * from a
----
create table x (a int default wipe()); insert into x default values
----
create view v as select public.wipe() as a; select a from public.v
----
create view v as select wipe(); create table x as select * from v
----
create table x as with gone as (delete from trigger returning a) select a from gone
