"""Every way in which this room refuses a file: what is wrong and what to do, Chinese first, English complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pingjiang.errors import FileDamaged, FormatUnknown, InputRefused


@dataclass(frozen=True)
class _Refusal:
    """A kind of refusal; `{…}` stands for values given when it is raised."""

    error: type[InputRefused]
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


_EXPORT_AGAIN = ("请重新导出或重新下载该文件。", "Export or download the file again.")
_SAVE_AS_XLSX = ("请用表格软件打开，另存为 .xlsx 再导入。", "Open it in a spreadsheet program and save it as .xlsx.")
_AS_TABLE = ("请导出为 .xlsx 或 .csv 表格。", "Export it as a table: .xlsx or .csv.")
_WITHOUT_PASSWORD = (
    "请用密码打开，去掉密码后另存。",
    "Open it with its password and save it without one.",
)
_UNPACK = ("请先解压，再导入其中的表格。", "Unpack it and import the tables inside.")
_LIMIT = (
    "如内容确实可信，请调高环境变量 {setting}。",
    "If you trust what is inside, raise the environment variable {setting}.",
)

_REFUSALS: Mapping[str, _Refusal] = {
    "missing": _Refusal(InputRefused, "找不到该文件。", "There is no such file.", "请检查路径。", "Check the path."),
    "not_a_file": _Refusal(
        InputRefused, "这不是文件。", "This is not a file.", "请给出其中的文件。", "Name the files inside it."
    ),
    "unreadable": _Refusal(
        InputRefused,
        "无法读取该文件（{detail}）。",
        "The file cannot be read ({detail}).",
        "请检查权限和磁盘。",
        "Check its permissions and the disk.",
    ),
    "empty": _Refusal(FileDamaged, "文件是空的。", "The file is empty.", *_EXPORT_AGAIN),
    "no_rows": _Refusal(FileDamaged, "文件里没有数据行。", "The file has no rows of data.", *_EXPORT_AGAIN),
    "cut_short": _Refusal(
        FileDamaged, "文件不完整或已损坏（{detail}）。", "The file is cut short or damaged ({detail}).", *_EXPORT_AGAIN
    ),
    "reader_ended": _Refusal(
        FileDamaged,
        "读取中断：文件已损坏，或需要 {limit} 字节以上的内存。",
        "Reading it broke off: the file is damaged, or needs more than {limit} bytes of memory.",
        *_SAVE_AS_XLSX,
    ),
    "encrypted": _Refusal(FileDamaged, "文件有密码保护。", "The file is protected by a password.", *_WITHOUT_PASSWORD),
    "nested": _Refusal(FileDamaged, "压缩包里还有压缩包。", "There is an archive inside the archive.", *_UNPACK),
    "archive": _Refusal(
        FileDamaged, "不支持这种压缩包（{what}）。", "This kind of archive ({what}) is not supported.", *_UNPACK
    ),
    "unsafe_name": _Refusal(
        FileDamaged,
        "压缩包里有指向包外的文件名 {member}。",
        "The archive has a member whose name points outside it: {member}.",
        "不要使用这个压缩包，请向提供者另要一份。",
        "Do not use this archive; ask its sender for another.",
    ),
    "many_members": _Refusal(
        FileDamaged, "压缩包里有 {count} 个文件，太多。", "The archive has {count} members: too many.", *_UNPACK
    ),
    "expands": _Refusal(
        FileDamaged,
        "解压后超过 {limit} 字节。",
        "Unpacked it exceeds {limit} bytes.",
        _LIMIT[0],
        _LIMIT[1],
    ),
    "large_workbook": _Refusal(
        FileDamaged,
        "工作簿超过 {limit} 字节，太大。",
        "The workbook has more than {limit} bytes: too large.",
        "请先解压；如是 .xls，请另存为 .xlsx 再导入。",
        "Unpack it first; if it is an .xls, save it as .xlsx.",
    ),
    "expands_much": _Refusal(
        FileDamaged,
        "解压后膨胀超过 {limit} 倍，可能是压缩炸弹。",
        "Unpacked it grows more than {limit}-fold: it may be an archive bomb.",
        _LIMIT[0],
        _LIMIT[1],
    ),
    "web_page": _Refusal(FileDamaged, "这是网页，不是表格。", "This is a web page, not a spreadsheet.", *_SAVE_AS_XLSX),
    "other_sheet": _Refusal(
        FileDamaged, "不支持这种表格（{what}）。", "This kind of spreadsheet ({what}) is not supported.", *_SAVE_AS_XLSX
    ),
    "not_a_table": _Refusal(FileDamaged, "这是{what_zh}，不是表格。", "This is {what}, not a table.", *_AS_TABLE),
    "nul_bytes": _Refusal(
        FileDamaged,
        "文件含有空字节，不是文本表格。",
        "The file holds NUL bytes: it is no text table, or it is damaged.",
        *_EXPORT_AGAIN,
    ),
    "encoding": _Refusal(
        FileDamaged,
        "无法判断文字编码：不是 UTF-8、UTF-16、GB18030 或 CP1252。",
        "The text is in no known encoding: not UTF-8, UTF-16, GB18030 or CP1252.",
        "请另存为 UTF-8 编码的 CSV。",
        "Save it as CSV in UTF-8.",
    ),
    "half_character": _Refusal(
        FileDamaged,
        "文件在一个字符中间结束：{codec} 每 {unit} 字节一个单位，而它有 {count} 字节。",
        "The file ends inside a character: {codec} goes by {unit} bytes, and it has {count}.",
        *_EXPORT_AGAIN,
    ),
    "long_cell": _Refusal(
        FileDamaged,
        "单元格超过 {limit} 个字符。",
        "A cell has more than {limit} characters.",
        "请检查引号是否成对；" + _LIMIT[0],
        "Check that quotation marks come in pairs. " + _LIMIT[1],
    ),
    "quotes": _Refusal(
        FileDamaged,
        "从这一行起引号大多不成对，无法分行。",
        "From this row on most quotation marks are not paired: rows cannot be told apart.",
        *_EXPORT_AGAIN,
    ),
    "large_document": _Refusal(
        FileDamaged,
        "其中一条记录超过 {limit} 字节。",
        "One of its records has more than {limit} bytes.",
        *_LIMIT,
    ),
    "deep": _Refusal(
        FileDamaged,
        "列表和对象嵌套超过 {limit} 层。",
        "Lists and objects are nested more than {limit} deep.",
        *_EXPORT_AGAIN,
    ),
    "many_columns": _Refusal(
        FileDamaged, "有 {count} 列，超过 {limit} 列。", "It has {count} columns, more than {limit}.", *_LIMIT
    ),
    "wide_sheet": _Refusal(
        FileDamaged,
        "工作表“{sheet}”延伸到第 {row} 行、{column} 列，占 {count} 个单元格，太大。",
        "Sheet '{sheet}' reaches row {row}, column {column}: a rectangle of {count} cells, too large.",
        "请删除远离表格的零散单元格后另存。" + _LIMIT[0],
        "Delete the stray cells far from the table and save it again. " + _LIMIT[1],
    ),
    "unknown_xml": _Refusal(
        FormatUnknown,
        "这是 XML（根元素 {name}），其中没有认得的专利文献。",
        "This is XML (root element {name}) without any patent document that is known.",
        "可识别的格式用 pingjiang formats 列出；其他内容请导出为 .xlsx 或 .csv 表格。",
        "Ask `pingjiang formats` for the formats; export anything else as a table, .xlsx or .csv.",
    ),
    "not_allowed": _Refusal(
        InputRefused,
        "这里不收这种文件（{what_zh}）。",
        "This kind of file ({what}) is not taken here.",
        "可收：{allowed_zh}。",
        "What is taken: {allowed}.",
    ),
    "unknown_kind": _Refusal(
        InputRefused,
        "看内容认不出这是什么文件。",
        "Its content does not say what kind of file this is.",
        "可收：{allowed_zh}。",
        "What is taken: {allowed}.",
    ),
    "too_big": _Refusal(
        InputRefused,
        "文件超过 {limit} 字节，太大。",
        "The file has more than {limit} bytes: too large.",
        "请压缩图片或分成几个文件。",
        "Make its images smaller, or part it into several files.",
    ),
    "macros": _Refusal(
        InputRefused,
        "文件里有宏。",
        "The file holds macros.",
        "请另存为不含宏的格式（.docx、.xlsx、.pptx）。",
        "Save it in a format without macros (.docx, .xlsx, .pptx).",
    ),
    "declares": _Refusal(
        FileDamaged,
        "其中的 {member} 带有文档类型声明，可能是 XML 炸弹。",
        "Its part {member} declares a document type: it may be an XML bomb.",
        "请用办公软件打开后另存。",
        "Open it in an office program and save it anew.",
    ),
    "no_table": _Refusal(
        FormatUnknown,
        "压缩包里没有可导入的文件。",
        "The archive has no file that could be imported.",
        *_AS_TABLE,
    ),
}


def too_long(file: str, row: int, limit: int) -> InputRefused:
    """The refusal of a cell, or of what can only be one, beyond the limit of `max_cell_chars`."""
    return refusal("long_cell", file, at_row=row, limit=limit, setting="PINGJIANG_MAX_CELL_CHARS")


def refusal(
    kind: str, file: str, *, at_row: int | None = None, at_column: str | None = None, **values: object
) -> InputRefused:
    """The error to raise for a file that cannot be taken, with the place where one is known."""
    found = _REFUSALS[kind]
    return found.error(
        f"{found.zh} {found.en}".format(**values),
        file=file,
        row=at_row,
        column=at_column,
        remedy=f"{found.remedy_zh} {found.remedy_en}".format(**values),
    )
