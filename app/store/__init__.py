"""The store of `biaoge bulk`: a folder with one database, the JSON of every document beside it, a lock and a log."""
