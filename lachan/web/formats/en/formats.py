"""How the English pages write dates and numbers: the day first, as in every paper of a Vietnamese case."""

DATE_FORMAT = r"d/m/Y"
TIME_FORMAT = r"H:i:s"
DATETIME_FORMAT = r"H:i:s d/m/Y"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%H:%M %d/%m/%Y", "%H:%M:%S %d/%m/%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
