package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code shunt explain}: which step a connection is at, and why no further; or which policy a pod
 * has.
 */
@Command(
    name = "explain",
    description =
        "Say which step a connection is at, why it goes no further, and what would help; or of a"
            + " pod which policies select it and which one decides.",
    footer = "%nExit code: 1 when no connection or pod, or more than one, matches.")
public final class ExplainCommand implements Callable<Integer> {
  private static final String POD = "pod/";

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private ClusterOption cluster;
  @Mixin private OutputOption output;

  @Parameters(
      paramLabel = "CONNECTION",
      description = {
        "ip:port or [ip6]:port of one end, local->remote in quotes,",
        "or a socket cookie (last column of 'shunt connections').",
        "With --cluster: pod/NAME or pod/NAMESPACE/NAME."
      })
  private String connection;

  @Override
  public Integer call() {
    if (connection.startsWith(POD)) {
      String pod = connection.substring(POD.length());
      int slash = pod.indexOf('/');
      String namespace = slash < 0 ? "default" : pod.substring(0, slash);
      ClusterReport report = new ClusterReport(output.output(spec));
      return cluster.ask(spec, session -> report.pod(session, namespace, pod.substring(slash + 1)));
    }
    if (cluster.isGiven(spec)) {
      throw new ParameterException(
          spec.commandLine(), "'" + connection + "' (expected with --cluster: pod/NAME)");
    }
    ExplainReport report = new ExplainReport(output.output(spec), connection);
    return node.ask(spec, report::write);
  }
}
