-- What is emitted in SQL is judged as emit() judges it, under whatever settings the caller's session has.
CREATE OR REPLACE FUNCTION eventhub.emit(payload jsonb, idempotency_key text DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 AS $$
declare
  body text := payload::text;
  size integer := octet_length(body);
  bare text;
  suspect numeric;
  stored uuid;
begin
  if payload is null or jsonb_typeof(payload) <> 'object' then
    raise exception '[invalid_payload] payload must be a JSON object, got %', coalesce(jsonb_typeof(payload), 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  -- Postgres writes a space after each comma and colon, which emit() does not count: those outside of strings.
  if size between 1048577 and 2097152 then
    bare := regexp_replace(body, E'"(?:[^"\\\\]|\\\\.)*"', '', 'g');
    size := size - (length(bare) - length(translate(bare, ' ', '')));
  end if;
  if size > 1048576 then
    raise exception '[too_large] payload must be at most 1048576 bytes of JSON, got %', size using errcode = 'program_limit_exceeded';
  end if;
  if starts_with(payload ->> 'kind', 'eventhub.') then
    raise exception '[invalid_payload] kind: what begins with eventhub. is the hub''s own' using errcode = 'reserved_name';
  end if;
  -- Whatever a double may not hold is written with 16 digits or more, which is looked for first: it takes a fraction of the time.
  if body ~ '[0-9]{16}' then
    for suspect in
      select (item #>> '{}')::numeric from jsonb_path_query(payload, 'strict $.** ? (@.type() == "number" &&
        (@ > 9007199254740991 || @ < -9007199254740991 || (@ > -4.94e-324 && @ < 4.94e-324 && @ != 0)))') item
    loop
      if abs(suspect) > 1.7976931348623158e308 then
        raise exception '[invalid_payload] payload holds a number beyond those of a double (1.8e308)'
          using errcode = 'numeric_value_out_of_range';
      elsif abs(suspect) < 1 then
        raise exception '[invalid_payload] payload holds a number nearer to 0 than those of a double (5e-324)'
          using errcode = 'numeric_value_out_of_range';
      -- Beyond 2^53 a double holds multiples of a power of two only: ids of 64 or 128 bits would silently become others.
      -- What a double is written as is no multiple of it; Postgres writes 1e23 in another way than JavaScript does, but never 15 digits.
      elsif abs(suspect) < 1e39 and suspect <> suspect::float8::text::numeric
        and length(rtrim(trim_scale(abs(suspect))::text, '0')) > 15
        and suspect % power(2::numeric, floor(log(2, abs(suspect))) - 52) <> 0 then
        raise exception '[invalid_payload] payload holds %, which no consumer can read exactly: write it as text', left(suspect::text, 40)
          using errcode = 'numeric_value_out_of_range';
      end if;
    end loop;
  end if;
  if length(body) - length(translate(body, '[{', '')) > 500
    and jsonb_path_exists(payload, 'strict $.**{500 to last} ? (@.type() == "object" || @.type() == "array")') then
    raise exception '[invalid_payload] payload is nested deeper than 500 levels' using errcode = 'program_limit_exceeded';
  end if;
  if length(idempotency_key) not between 1 and 255 then
    raise exception '[invalid_options] idempotencyKey must have 1 to 255 characters, got %', length(idempotency_key)
      using errcode = 'invalid_parameter_value';
  end if;
  -- What was in the way and is not found has been deleted since: then it is ours to store.
  loop
    insert into eventhub.events (id, payload, payload_bytes, idempotency_key, routed)
    values (eventhub.new_id(), emit.payload, size, emit.idempotency_key, false)
    on conflict do nothing
    returning id into stored;
    exit when stored is not null;
    select e.id into stored from eventhub.events e
    where e.idempotency_key = emit.idempotency_key and e.idempotency_index = 0;
    exit when stored is not null;
  end loop;
  return stored;
end $$;--> statement-breakpoint

ALTER FUNCTION eventhub.tell_result() SET search_path = pg_catalog, pg_temp;--> statement-breakpoint
ALTER FUNCTION eventhub.tell_pause() SET search_path = pg_catalog, pg_temp;--> statement-breakpoint
COMMENT ON COLUMN eventhub.events.own IS 'The hub''s own: its payload.kind begins with eventhub., which no producer may use. Routes ask for these with "from": "hub".';
