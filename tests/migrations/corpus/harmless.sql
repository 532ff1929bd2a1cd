-- Each loses nothing: what is called data-losing among these is a false alarm, and counted.
create table public.refunds (id uuid primary key default gen_random_uuid(), payment_id uuid not null references public.payment_events (id) on delete cascade, amount numeric(20, 8) check (amount > 0), created_at timestamptz not null default now())
----
create table if not exists t (like u including all)
----
create table t (a int) partition by range (a)
----
create table t_2025 partition of t for values from (1) to (2)
----
create table t (a int generated always as identity primary key, b int generated always as (a + 1) stored)
----
create table t as select id, count(*) as n from u group by id
----
create temporary table t (a int)
----
alter table public.payment_events add column sent_at timestamptz
----
alter table t add column if not exists a text default 'delete; drop table t'
----
alter table t add column a boolean not null default false, add column b text
----
alter table t alter column a drop not null
----
alter table t alter column a set default now()
----
alter table t add constraint c check (a > 0) not valid
----
alter table t validate constraint c
----
alter table t enable row level security
----
alter table t force row level security
----
create index concurrently if not exists i on t (a)
----
drop index concurrently i
----
create type status as enum ('a', 'b''; drop table t; --')
----
alter type status add value if not exists 'c'
----
create schema if not exists billing
----
create sequence s
----
create extension if not exists pgcrypto with schema extensions
----
create function f() returns int language sql set search_path = '' as $$ select 1; delete from t $$
----
create or replace function f(a text default 'x') returns trigger language plpgsql security definer set search_path = '' as $$ begin delete from public.t; return old; end $$
----
create trigger tr before delete or update on t for each row execute function f()
----
create policy p on t for delete to authenticated using (auth.uid() = user_id)
----
create view v with (security_invoker = true) as select * from t
----
create or replace view v with (security_invoker) as select a from t where b = 'drop'
----
grant select, delete, truncate on t to service_role
----
comment on table t is 'drop table t; truncate u'
----
comment on column t."delete" is $$ delete $$
----
insert into t (a, b) values (1, 'delete from t')
----
insert into t (a) select a from u where a is not null on conflict do nothing
----
insert into t values (1) on conflict (a) do nothing returning a
----
with x as (select 1 as a) insert into t (a) select a from x
----
update t set sent_at = created_at where sent_at is null
----
update public.t set a = 0, b = '' where a is null and b is null and c > 1
----
select 1
----
select count(*), max(created_at) from public.payment_events where status = 'drop table'
----
select a from t for update
----
select 'drop table t' as "delete from t"
----
-- drop table t
select 1
----
/* delete from t; */ select 1
----
select 1 -- ; drop table t
----
values (1), (2)
----
set lock_timeout = '5s'
----
set local statement_timeout = '1min'; set search_path = public
----
set time zone 'UTC'
----
analyze t
----
create unique index concurrently on t (lower(email))
----
create domain amount as numeric(20, 8) check (value >= 0)
----
alter publication supabase_realtime add table t
----
alter table t replica identity full
----
alter table t alter column a set statistics 500
----
alter index i rename to j
----
create materialized view v as select count(*) as n from t
----
select jsonb_build_object('a', 1), coalesce(a, b), lower(c) from t
----
create table "таблица" ("имя" text)
----
create table t (a text default e'\'; drop table t; --')
----
select $$ drop table t; $$, $tag$ $$ delete from t $$ $tag$
----
alter default privileges in schema public grant all on tables to service_role
----
insert into t (a) select public.make(b) from u
----
select pg_catalog.set_config('search_path', '', false)
----
do $$ begin create type status as enum ('a'); exception when duplicate_object then null; end $$
----
delete from t where false
----
drop table if exists never_there
----
create or replace function f() returns int language sql begin atomic select 1; end
----
alter table t alter column a type bigint
----
create index concurrently i on public.t using gin (raw_event jsonb_path_ops) where (status = 'failed')
----
create index concurrently i on public.payment_events using btree (lower(currency), created_at desc) include (amount)
----
insert into public.t (a, b) select distinct on (a) a, count(*) over (partition by b) from u group by (a), b
----
with x as (select 1 as a) select a from x where a in (1, 2) and exists (select 1 from t as y (b) where b = a)
----
create table t_2026 partition of t for values from ('2026-01-01') to ('2027-01-01')
----
insert into public.t (id) values (extensions.gen_random_uuid())
----
select * from pg_catalog.generate_series(1, 2)
----
set search_path = ''; set search_path to "$user", public, extensions
----
create view v with (security_barrier, security_invoker = on) as select 1
----
create policy p on t for select to authenticated using (true)
----
with x (a) as (select 1) insert into public.t as u (a) select a from x
----
create table x (id uuid primary key default gen_random_uuid(), amount numeric(10, 2) check (amount > 0), foreign key (id) references public.u (id)); insert into x (amount) values (1)
----
create trigger touched before update on public.t for each row execute function touch(); insert into public.t (a) values (1)
----
create view v with (security_invoker = on) as select count(*) as n, lower(a) from public.t group by 2; select n from v
