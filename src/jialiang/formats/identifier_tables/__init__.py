"""Tables of identifiers, CSV, Excel workbooks and NDJSON, as rows of records: read one by one, every fault by its cell.

The first row of a table names its columns, in Chinese or English:

    identifier | 标识           prefix/suffix, mandatory
    state | 状态                active (有效) or reserved (已预留); empty: active; of a
                                record that is so: suspended (已暂停), retired (已注销)
    template | 模板             the template of the record
    code:GIAI | 代码:GIAI       the code in a system; the first that a row has is its primary one
    1:URL                       a value: its index and its type
    URL                         a value without index: that of the column's place among the values, from 1
    more | 其他                 what the other cells cannot tell: {"values": […], "codes": […]} as in a line of NDJSON

A line of NDJSON is an object: ``{"handle": …, "values": […], "codes": [{"system", "code", "primary"}], "state",
"template"}`` with values as in Handle JSON.
"""

from jialiang.formats.identifier_tables.columns import TableRefused
from jialiang.formats.identifier_tables.reading import KINDS, kind_of_name, read_table
from jialiang.formats.identifier_tables.rows import CellFault, TableCode, TableRow
from jialiang.formats.identifier_tables.writing import (
    TableUnfit,
    headings_for,
    write_csv,
    write_ndjson,
    write_workbook,
)

__all__ = [
    "KINDS",
    "CellFault",
    "TableCode",
    "TableRefused",
    "TableRow",
    "TableUnfit",
    "headings_for",
    "kind_of_name",
    "read_table",
    "write_csv",
    "write_ndjson",
    "write_workbook",
]
