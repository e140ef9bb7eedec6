package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code shunt nodes}: how far the nodes of a cluster are. */
@Command(
    name = "nodes",
    description = "List the nodes of a cluster: connected, programmed, mode, pods.",
    footer = "%nExit code: 1 when a node is not connected, or does not hold its policies.")
public final class NodesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClusterOption cluster;
  @Mixin private OutputOption output;

  @Override
  public Integer call() {
    ClusterReport report = new ClusterReport(output.output(spec));
    return cluster.ask(spec, report::nodes);
  }
}
