package dev.shunt.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shunt filters}: what filters there are, what they did, and what they would do. */
@Command(
    name = "filters",
    description = {
      "Show filters, their rules and where they hold; or test what they would do with a packet:",
      "'shunt filters test --packet \"tcp 10.1.2.3:1234 -> 10.4.5.6:80\" --at connect'."
    })
public final class FiltersCommand implements Callable<Integer> {
  /** What can be done besides listing; spelled as typed. */
  public enum Action {
    test
  }

  /** What to test. */
  static final class Question {
    @Option(
        names = "--packet",
        paramLabel = "PACKET",
        required = true,
        description = "PROTOCOL [SOURCE ->] DESTINATION, addresses with ports.")
    private String packet = "";

    @Option(
        names = "--at",
        paramLabel = "PLACE",
        description = "Where it is seen: connect, or such as eth0/ingress (default: connect).")
    private String at = "connect";

    @Option(
        names = "--executable",
        paramLabel = "PATH",
        description = "Executable of the caller (default: one that no rule names).")
    private String executable = "";

    @Option(
        names = "--cgroup",
        paramLabel = "PATH",
        description = "Cgroup of the caller below the cgroup v2 root (default: /).")
    private String cgroup = "";

    @Option(
        names = "--netns",
        paramLabel = "NAME",
        description = "Network namespace of the caller (default: host).")
    private String namespace = "";

    @Option(
        names = "--live",
        description =
            "Also run the program on it; not for connect, which the kernel cannot run so.")
    private boolean live;

    String packet() {
      return packet;
    }

    String at() {
      return at;
    }

    String executable() {
      return executable;
    }

    String cgroup() {
      return cgroup;
    }

    String namespace() {
      return namespace;
    }

    boolean live() {
      return live;
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      description = "One of: ${COMPLETION-CANDIDATES}. Lists when left out.")
  private @Nullable Action action;

  @Option(names = "--hits", description = "One line a rule, with what it has matched and denied.")
  private boolean hits;

  @ArgGroup(exclusive = false)
  private @Nullable Question question;

  @Override
  public Integer call() {
    FiltersReport report = new FiltersReport(output.output(spec));
    Question asked = question;
    if (action == null) {
      if (asked != null) {
        throw new ParameterException(spec.commandLine(), "--packet: only with 'test'");
      }
      return node.ask(spec, session -> hits ? report.hits(session) : report.list(session));
    }
    if (asked == null) {
      throw new ParameterException(spec.commandLine(), "test: --packet is missing");
    }
    return node.ask(spec, session -> report.test(session, asked));
  }
}
