create function public.is_admin(who uuid) returns boolean language sql stable security definer set search_path = '' as
  $$select exists (select 1 from public.profiles where id = who and role in ('admin', 'super_admin'))$$;
create function public.is_super_admin(who uuid) returns boolean language sql stable security definer set search_path = '' as
  $$select exists (select 1 from public.profiles where id = who and role = 'super_admin')$$;
