package dev.shunt.cli;

/** What the text of {@code shunt stats} shows; documents carry both. */
enum StatsView {
  TOTALS,
  ENDPOINTS
}
