package dev.shunt.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shunt events}: what happens to connections, as it happens. */
@Command(
    name = "events",
    description = "Print events as they happen, until interrupted.",
    footer = "%nWith -o json: one object a line.")
public final class EventsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      split = ",",
      description =
          "One or more of: open, adopt, join, spill, close, trait, refuse, stand_down, resume,"
              + " neighbour, neighbour_gone.")
  private List<String> types = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "End after so many; 0 means never.")
  private int limit;

  @Override
  public Integer call() {
    EventsReport report = EventsReport.of(output.output(spec), spec, types, limit);
    return node.ask(spec, report::write);
  }
}
