package dev.shunt.agent;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.CommandException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.Output;
import dev.shunt.cli.OutputOption;
import dev.shunt.datapath.libbpf.Linux;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code shunt uninstall}: removes what Shunt has made on this host, or on a cluster's nodes. */
@Command(
    name = "uninstall",
    sortOptions = false,
    description = "Move all traffic back to TCP and remove what Shunt made on this host.",
    footer =
        "%nExit code: 0 when everything is removed, 1 when sockets still hold unread data or nodes of the"
            + " cluster have not finished, 3 when it cannot run.")
final class UninstallCommand implements Callable<Integer> {
  private static final int CAP_SYS_ADMIN = 21;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Option(names = "--purge", description = "Also remove the state directory.")
  private boolean purge;

  @Option(
      names = "--pin-dir",
      paramLabel = "DIR",
      defaultValue = "/sys/fs/bpf/shunt",
      description = "As given to 'shunt node' (default: ${DEFAULT-VALUE}).")
  private Path pinDirectory = Path.of("/sys/fs/bpf/shunt");

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/shunt",
      description = "As given to 'shunt node' (default: ${DEFAULT-VALUE}).")
  private Path stateDirectory = Path.of("/var/lib/shunt");

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      defaultValue = "/run/shunt/node.sock",
      description = "As given to 'shunt node' (default: ${DEFAULT-VALUE}).")
  private Path socket = Path.of("/run/shunt/node.sock");

  @Option(
      names = "--libbpf",
      paramLabel = "FILE",
      description = "libbpf.so to use instead of the distribution's.")
  private @Nullable String libbpf;

  @Option(
      names = "--stay",
      paramLabel = "HOST:PORT",
      description =
          "When everything is removed, answer GET /readyz there until stopped; for a pod that is not"
              + " to be started again.")
  private @Nullable String stay;

  @ArgGroup(exclusive = false)
  private @Nullable ClusterRemoval cluster;

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec parsed = spec;
    if (parsed == null) {
      throw new IllegalStateException("command was not parsed");
    }
    if (cluster != null) {
      confirm(parsed.commandLine().getErr());
      return cluster.run(hostArguments(), output.output(parsed), parsed.commandLine().getErr());
    }
    Optional<RemovedSign> sign = Optional.ofNullable(stay).map(RemovedSign::at);
    int exitCode = removeFromHost(parsed.commandLine().getErr());
    if (sign.isPresent()) {
      sign.get().show();
    }
    return exitCode;
  }

  /** What each pod of a cluster is to run. */
  private List<String> hostArguments() {
    List<String> arguments = new ArrayList<>(List.of("uninstall", "--yes"));
    if (purge) {
      arguments.add("--purge");
    }
    arguments.add("--pin-dir=" + pinDirectory);
    arguments.add("--state-dir=" + stateDirectory);
    arguments.add("--socket=" + socket);
    if (stay != null) {
      arguments.add("--stay=" + stay);
    }
    return arguments;
  }

  private int removeFromHost(PrintWriter console) {
    Uninstall uninstall = new Uninstall(Prerequisites.libbpf(Optional.ofNullable(libbpf)));
    if (!Linux.hasCapability(CAP_SYS_ADMIN)) {
      throw new CannotRunException(
          "uninstall failed: operation not permitted (EPERM/1); run as root");
    }
    confirm(console);
    uninstall.survey(pinDirectory);
    Optional<RunningNode> node = RunningNode.find(pinDirectory);
    node.ifPresent(
        running -> {
          running.stop();
          uninstall.note("node (process " + running.pid() + ")");
        });
    remove(uninstall);
    report(uninstall, output.output(Objects.requireNonNull(spec)));
    return uninstall.socketsLeft() == 0 ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private void confirm(PrintWriter out) {
    if (yes) {
      return;
    }
    String where = cluster == null ? "this host" : "every node of " + cluster.target();
    out.print("Stop Shunt and remove it from " + where + " (" + pinDirectory + ")? [y/N] ");
    out.flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      if (answer == null) {
        throw new CommandException(
            ExitCode.USAGE, "uninstall asks before it removes anything; --yes answers for you");
      }
      if (!answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
        throw new CommandException(ExitCode.NEGATIVE, "nothing was removed");
      }
    } catch (IOException failed) {
      throw new CannotRunException("read answer failed: " + failed.getMessage(), failed);
    }
  }

  private void remove(Uninstall uninstall) {
    try {
      if (Files.isDirectory(pinDirectory)) {
        try (PinLock pins = PinLock.take(pinDirectory)) {
          uninstall.pins(pinDirectory);
          uninstall.pinsAreGone();
          uninstall.note("pin directory " + pins);
        }
      }
      uninstall.pinsAreGone();
      uninstall.filters();
      uninstall.socket(socket);
      if (purge) {
        uninstall.state(stateDirectory);
      } else {
        uninstall.keepState(stateDirectory);
      }
    } catch (IOException failed) {
      throw new CannotRunException(
          "uninstall failed: " + failed.getMessage() + "; run it again", failed);
    }
  }

  private static void report(Uninstall uninstall, Output out) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("removed", uninstall.removed());
    document.put("kept", uninstall.kept());
    document.put("sockets_left", uninstall.socketsLeft());
    StringBuilder text = new StringBuilder();
    uninstall.removed().forEach(part -> text.append("removed ").append(part).append('\n'));
    uninstall.kept().forEach(part -> text.append("kept    ").append(part).append('\n'));
    if (uninstall.socketsLeft() > 0) {
      text.append(uninstall.socketsLeft())
          .append(" sockets hold bytes that their readers have not read; programs end with them\n");
    }
    if (uninstall.removed().isEmpty()) {
      text.append("nothing of Shunt was found\n");
    }
    out.result(document, text.toString());
  }
}
