-- What holds whatever the application does: the chain of acts, what may not overlap, and who sees which office.

create function desk_act_hash(
  place bigint, one desk_act, before bytea, content_digest bytea
) returns bytea language sql stable as $$
  select sha256(convert_to(concat_ws(E'\x1f',
    place, one.subject, one.subject_id, one.sequence, one.kind,
    to_char(one.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), one.known_on, coalesce(one.on_day::text, ''),
    coalesce(one.account_id::text, ''), one.role, coalesce(one.office_id::text, ''), one.key, one.facts,
    coalesce(one.content_id::text, ''), coalesce(encode(content_digest, 'hex'), ''), encode(before, 'hex')
  ), 'UTF8'))
$$;

create function desk_content_digest() returns trigger language plpgsql as $$
begin
  new.digest := sha256(new.salt || convert_to(new.body, 'UTF8'));
  return new;
end
$$;
create trigger content_digest before insert on desk_content
  for each row execute function desk_content_digest();

-- Acts stand in one line: each waits for the one before it, and holds its hash.
create function desk_chain() returns trigger language plpgsql security definer
  set search_path from current as $$
declare
  head record;
begin
  perform pg_advisory_xact_lock(7361001);
  select position, hash into head from desk_act order by position desc limit 1;
  new.position := coalesce(head.position, 0) + 1;
  new.previous := coalesce(head.hash, '\x00'::bytea);
  new.at := clock_timestamp();
  new.hash := desk_act_hash(
    new.position, new, new.previous, (select digest from desk_content where id = new.content_id)
  );
  return new;
end
$$;
create trigger act_chain before insert on desk_act for each row execute function desk_chain();

create function desk_never() returns trigger language plpgsql as $$
begin
  raise exception 'acts and the log of reads are never changed';
end
$$;
create trigger act_never before update or delete on desk_act for each row execute function desk_never();
create trigger act_never_emptied before truncate on desk_act execute function desk_never();
create trigger reading_never before update or delete on desk_reading for each row execute function desk_never();
create trigger reading_never_emptied before truncate on desk_reading execute function desk_never();

alter table desk_stretch
  add constraint stretch_of_action exclude using gist (
    int8range(action_id, action_id, '[]') with &&, days with &&
  ),
  add constraint stretch_of_person exclude using gist (
    int8range(person_id, person_id, '[]') with &&,
    int8range(employer_id, employer_id, '[]') with &&,
    int8range(hashtext(instrument)::bigint, hashtext(instrument)::bigint, '[]') with &&,
    days with &&
  ) where (person_id is not null and employer_id is not null),
  add constraint stretch_has_days check (not isempty(days));

alter table desk_action
  add constraint action_office_key unique (id, office_id),
  add constraint action_end check (end_date >= start_date or state in ('cancelled', 'erroneous')),
  add constraint action_reason check (end_reason is null or state in ('ended', 'interrupted', 'cancelled', 'erroneous'));
alter table desk_stretch
  add constraint stretch_office foreign key (action_id, office_id) references desk_action (id, office_id);

-- Row security: without a word about offices nothing is seen.
create function desk_office_seen(office bigint) returns boolean language sql stable parallel safe as $$
  select coalesce(current_setting('desk.offices', true), '') = '*'
    or office::text = any(string_to_array(coalesce(current_setting('desk.offices', true), ''), ','))
$$;

alter table desk_action enable row level security;
alter table desk_action force row level security;
create policy action_of_office on desk_action
  using (desk_office_seen(office_id)) with check (desk_office_seen(office_id));
alter table desk_stretch enable row level security;
alter table desk_stretch force row level security;
create policy stretch_of_office on desk_stretch
  using (desk_office_seen(office_id)) with check (desk_office_seen(office_id));
alter table desk_act enable row level security;
alter table desk_act force row level security;
create policy act_of_office on desk_act
  using (subject <> 'action' or desk_office_seen(office_id))
  with check (subject <> 'action' or desk_office_seen(office_id));

-- The owner, and functions that run as the owner, see every office.
create policy action_of_owner on desk_action to current_user using (true) with check (true);
create policy stretch_of_owner on desk_stretch to current_user using (true) with check (true);
create policy act_of_owner on desk_act to current_user using (true) with check (true);

-- What a rule about all actions of a person needs to know, of every office: no more than days and employers.
create function desk_course_of(of_person bigint, of_instrument varchar, other_than bigint)
  returns table (start_date date, end_date date, employer_id bigint) language sql stable security definer
  set search_path from current as $$
  select start_date, end_date, employer_id
  from desk_action
  where person_id = of_person and instrument = of_instrument and id is distinct from other_than
    and state in ('registered', 'approved', 'running', 'interrupted', 'ended')
$$;

-- Whether an action with this key was made already, in whichever office.
create function desk_of_key(of_key uuid) returns table (subject varchar, subject_id bigint)
  language sql stable security definer set search_path from current as $$
  select subject, subject_id from desk_act where key = of_key
$$;

-- How many actions a person has in all offices together.
create function desk_actions_of(of_person bigint) returns bigint
  language sql stable security definer set search_path from current as $$
  select count(*) from desk_action where person_id = of_person and state not in ('proposed', 'refused')
$$;

-- Employers are found by how their names begin.
create index employer_name on desk_employer (upper(name) text_pattern_ops);
