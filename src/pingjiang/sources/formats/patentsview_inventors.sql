-- One person a row; first and last name are one name, the place is his.
select
  raw.row_number,
  raw."patent_id",
  concat_ws(', ', raw."raw_inventor_name_last", raw."raw_inventor_name_first") as inventor,
  raw."raw_city" as inventor_city,
  raw."raw_state" as inventor_state,
  raw."raw_country" as inventor_country
from raw
