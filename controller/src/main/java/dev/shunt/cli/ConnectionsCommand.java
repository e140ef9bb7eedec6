package dev.shunt.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shunt connections}: every TCP connection, its step and why it is no further. */
@Command(
    name = "connections",
    description = "List the TCP connections of the watched network namespaces.",
    footer = "%nWith -o json: one object with the key 'connections'.")
public final class ConnectionsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Option(names = "--port", paramLabel = "PORT", description = "Local or remote port.")
  private int port;

  @Option(names = "--address", paramLabel = "IP", description = "Local or remote address.")
  private String address = "";

  @Option(names = "--namespace", paramLabel = "NAME", description = "Network namespace.")
  private String namespace = "";

  @Option(names = "--endpoint", paramLabel = "NAME", description = "Endpoint.")
  private String endpoint = "";

  @Option(
      names = "--step",
      paramLabel = "STEP",
      split = ",",
      description = "One or more of: unpaired, pending, paired, adopted, joined, leaving, left.")
  private List<String> steps = List.of();

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      split = ",",
      description = "One or more reasons, such as too_young; 'none' for accelerated ones.")
  private List<String> reasons = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "At most so many; 0 means all.")
  private int limit;

  @Override
  public Integer call() {
    Output out = output.output(spec);
    ConnectionsReport report =
        new ConnectionsReport(
            out,
            ConnectionFilters.request(
                spec,
                new ConnectionFilters.Place(port, address, namespace, endpoint),
                new ConnectionFilters.Stage(steps, reasons, limit)));
    return node.ask(spec, report::write);
  }
}
