-- One cell may hold the application and the grant: "KR20140005675 (U); KR200475295 (Y1)".
select raw.* replace (trim(part.printed) as "Publication number")
from raw, unnest(string_split(coalesce(raw."Publication number", ''), ';')) as part(printed)
