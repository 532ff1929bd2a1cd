create policy "own profile" on public.profiles for select to authenticated using (false);
create policy "own transactions" on public.circle_transactions for select to authenticated using (false);
