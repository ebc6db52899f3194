-- One row a publication of PN, one without a number where PN is empty; its date from its line of PD, its application from its line of AD.
-- Applicants lose Derwent's code in brackets: "TABUCHI DENKI KK (TABU-Non-standard)".
--
-- Derwent drops the year from application numbers and gives the date beside them: "US878676   08 Oct 2015" is
-- US 14/878,676, "WOUS055920   07 Oct 2016" is PCT/US2016/055920. Without its year a number is shared by many, so
-- the year is put back in the office's own form; for an office whose form is not listed the number stays unread.
with publications as (
  select raw.*, trim(part.printed) as publication
  from raw, unnest(string_split(coalesce(raw."PN", ''), ';')) as part(printed)
), mentioned as (
  select distinct mention.text
  from raw, unnest(regexp_extract_all(
    concat_ws(chr(10), raw."AD", raw."PI"), '[A-Z]{2}[A-Z]*[0-9]+\s+[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}'
  )) as mention(text)
), parts as (
  select
    m.text, left(m.text, 2) as office, right(m.text, 4) as year,
    regexp_extract(m.text, '^[A-Z]{2}([A-Z]*)', 1) as receiver, regexp_extract(m.text, '^[A-Z]+([0-9]+)', 1) as digits
  from mentioned m
), numbers as (
  select
    p.text,
    case
      when p.office = 'US' then 'US' || p.year || p.digits || 'A'
      when p.office = 'JP' then 'JP' || p.year || '-' || p.digits
      when p.office = 'CN' then 'CN' || p.year || p.digits
      when p.office = 'IN' then 'IN' || p.year || p.digits
      when p.office = 'KR' then 'KR10-' || p.year || '-' || lpad(p.digits, 7, '0')
      when p.office = 'TW' then 'TW' || (cast(p.year as integer) - 1911) || p.digits
      when p.office = 'DE' and left(p.digits, 2) in ('10', '20') then 'DE' || left(p.digits, 2) || p.year || substr(p.digits, 3)
      when p.office = 'EP' then 'EP' || right(p.year, 2) || p.digits
      when p.office = 'FR' then 'FR' || right(p.year, 2) || right(p.digits, 5)
      when p.office = 'WO' then 'PCT/' || p.receiver || p.year || '/' || p.digits
      else p.office || ' ' || p.digits || ' of ' || p.year
    end as number
  from parts p
), priorities as (
  select raw.row_number, string_agg(n.number, ';' order by n.number) as priority
  from raw, unnest(regexp_extract_all(raw."PI", '[A-Z]{2}[A-Z]*[0-9]+\s+[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}')) as mention(text)
  join numbers n on n.text = mention.text
  group by raw.row_number
), lines as (
  select
    p.*,
    regexp_extract(p."AD", regexp_escape(p.publication) || '\s+([A-Z]{2}[A-Z]*[0-9]+\s+[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4})', 1) as mention,
    regexp_extract(p."PD", regexp_escape(p.publication) || '\s+([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4})', 1) as published,
    regexp_replace(p."AE", '\s*\([A-Z0-9]{4}-[A-Za-z-]+\)', '', 'g') as applicant,
    replace(p."AU", chr(10), ';') as inventor
  from publications p
)
select
  l.*, nullif(regexp_extract(l.mention, '([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4})$', 1), '') as filed,
  n.number as application, q.priority
from lines l
left join numbers n on n.text = l.mention
left join priorities q on q.row_number = l.row_number
