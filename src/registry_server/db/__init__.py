"""The database: two doors (`engine`), one set of tables (`meta`), the types of columns, pages of rows, and migrations."""
