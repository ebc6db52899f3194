-- "[200402236U 2004-10-01T23:59:59.000Z ES, …]" or "[60/225,166 14.08.2000 US]" becomes "ES 200402236U;…".
select
  raw.* replace (
    array_to_string(
      list_transform(
        regexp_extract_all(raw."Priority Data", '[0-9A-Z/,.-]+ [0-9][0-9T:.Z-]+ [A-Z]{2}'),
        lambda part: regexp_extract(part, ' ([A-Z]{2})$', 1) || ' ' || regexp_extract(part, '^(\S+) ', 1)
      ),
      ';'
    ) as "Priority Data"
  )
from raw
