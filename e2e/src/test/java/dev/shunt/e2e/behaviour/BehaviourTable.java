package dev.shunt.e2e.behaviour;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The suite's result: a row for each case and variant, as text and as JSON. One thread. */
final class BehaviourTable {
  private final List<BehaviourRow> rows = new ArrayList<>();

  void add(BehaviourRow row) {
    rows.add(row);
  }

  /** Columns that align, one row per line; differences follow their row. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-28s %-24s %-12s %14s  %s%n", "CASE", "VARIANT", "OUTCOME", "REDIRECTED", "REASONS"));
    for (BehaviourRow row : rows) {
      text.append(
          String.format(
              "%-28s %-24s %-12s %14d  %s%n",
              row.caseName(),
              row.variant(),
              row.outcome().name().toLowerCase(Locale.ROOT),
              row.bytesRedirected(),
              row.reasons()));
      row.differences()
          .forEach(each -> text.append("    plain / accelerated ").append(each).append('\n'));
    }
    return text.toString();
  }

  /** One document with an array {@code rows}. */
  String json() {
    List<String> objects = rows.stream().map(BehaviourTable::object).toList();
    return "{\"rows\":[\n" + String.join(",\n", objects) + "\n]}\n";
  }

  private static String object(BehaviourRow row) {
    List<String> differences = row.differences().stream().map(BehaviourTable::quoted).toList();
    return String.format(
        Locale.ROOT,
        "{\"case\":%s,\"variant\":%s,\"outcome\":%s,\"bytes_redirected\":%d,\"reasons\":%s,"
            + "\"differences\":[%s]}",
        quoted(row.caseName()),
        quoted(row.variant().toString()),
        quoted(row.outcome().name().toLowerCase(Locale.ROOT)),
        row.bytesRedirected(),
        quoted(row.reasons()),
        String.join(",", differences));
  }

  private static String quoted(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\R", " ");
    return "\"" + escaped + "\"";
  }

  /** Writes {@code behaviour.txt} and {@code behaviour.json} into the folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("behaviour.txt"), text());
    Files.writeString(folder.resolve("behaviour.json"), json());
  }
}
