# outflow.sql in R's data.table, over CSV: Debian has no reader of Parquet for R. `outflow_data_table.R DELIVERY`
suppressPackageStartupMessages(library(data.table))

folder <- commandArgs(trailingOnly = TRUE)[1]
until <- as.IDate("2020-03-31")
read <- function(table, columns) {
  rbindlist(lapply(Sys.glob(file.path(folder, paste0(table, "-*.csv"))), fread, select = columns, na.strings = ""))
}
# Months clip to the end of the month; computed once per day that occurs.
three_months_later <- function(days) {
  once <- unique(days)
  first <- as.POSIXlt(once)
  first$mday <- 1L
  first$mon <- first$mon + 3L
  following <- first
  following$mon <- following$mon + 1L
  due <- pmin(as.IDate(first) + mday(once) - 1L, as.IDate(following) - 1L)
  due[match(days, once)]
}

actions <- read("action", c("action_id", "resumes", "instrument", "person_id", "linked", "end_date", "end_reason"))
happened <- actions[instrument %in% c("ibo", "iss", "opleidingsstage") & (is.na(end_reason) | end_reason != "cancelled")]
entrants <- happened[end_date >= as.IDate("2016-01-01") & end_date <= as.IDate("2017-12-31")]
entrants <- entrants[!action_id %in% happened$resumes]
entrants[, due := three_months_later(end_date)]
followed <- entrants[linked == TRUE]

spells <- read("spell", c("person_id", "work_type", "start_date", "end_date"))
work <- spells[work_type %in% c("OTH", "EXT", "FLX", "STU")]
work[is.na(end_date), end_date := until]
hits <- work[followed, on = .(person_id, start_date <= due, end_date >= due), mult = "first", which = TRUE]
followed[, at_work := !is.na(hits)]

tally <- entrants[, .(entrants = .N, without_person = sum(!linked), not_ended = 0L, not_counted = 0L,
                      not_due = 0L), keyby = instrument]
tally <- tally[followed[, .(followed = .N, at_work = sum(at_work)), keyby = instrument]]
fwrite(tally, col.names = FALSE)
