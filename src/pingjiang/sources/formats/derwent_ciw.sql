-- One row a publication of PN; its date from its line of PD, its application from its line of AD.
-- Applicants lose Derwent's code in brackets: "TABUCHI DENKI KK (TABU-Non-standard)".
with publications as (
  select raw.*, unnest(string_split(raw."PN", ';')) as printed from raw
)
select
  publications.*,
  trim(publications.printed) as publication,
  regexp_extract(publications."PD", trim(publications.printed) || '\s+(\d{1,2} [A-Z][a-z]{2} \d{4})', 1) as published,
  regexp_extract(publications."AD", trim(publications.printed) || '\s+(\S+)\s+\d{1,2} [A-Z][a-z]{2} \d{4}', 1)
    as application,
  regexp_extract(publications."AD", trim(publications.printed) || '\s+\S+\s+(\d{1,2} [A-Z][a-z]{2} \d{4})', 1) as filed,
  regexp_replace(publications."AE", '\s*\([A-Z0-9]{4}-[A-Za-z-]+\)', '', 'g') as applicant,
  replace(publications."AU", chr(10), ';') as inventor,
  regexp_replace(publications."PI", '\s+\d{1,2} [A-Z][a-z]{2} \d{4}[^\n]*', '', 'g') as priority
from publications
