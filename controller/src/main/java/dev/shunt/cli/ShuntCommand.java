package dev.shunt.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The root of the command line: knows the sub-commands, the exit codes and how errors are shown.
 */
@Command(
    name = "shunt",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = ShuntCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Accelerates TCP between sockets of one host.")
public final class ShuntCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private ClusterOption cluster;

  /** Feeds {@code --version} from the build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"shunt " + VersionCommand.version()};
    }
  }

  /** A command line with every sub-command of the class path. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new ShuntCommand());
    line.addSubcommand(new StatusCommand());
    line.addSubcommand(new StatsCommand());
    line.addSubcommand(new ConnectionsCommand());
    line.addSubcommand(new ExplainCommand());
    line.addSubcommand(new ModeCommand());
    line.addSubcommand(new TraitsCommand());
    line.addSubcommand(new SelftestCommand());
    line.addSubcommand(new EventsCommand());
    line.addSubcommand(new TapCommand());
    line.addSubcommand(new TraceCommand());
    line.addSubcommand(new FiltersCommand());
    line.addSubcommand(new DenialsCommand());
    line.addSubcommand(new TestCommand());
    line.addSubcommand(new ImageCommand());
    line.addSubcommand(new TopCommand());
    line.addSubcommand(new NodesCommand());
    line.addSubcommand(new PreflightCommand());
    line.addSubcommand(new BugreportCommand());
    line.addSubcommand(new RehearseCommand());
    line.addSubcommand(new VersionCommand());
    line.addSubcommand(new CompletionCommand());
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      provider.commands().forEach(line::addSubcommand);
    }
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(ShuntCommand::reportUsage);
    line.setExecutionExceptionHandler((e, command, parsed) -> reportFailure(e, command));
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  /** The control plane that is named before the sub-command, if any. */
  ClusterOption cluster() {
    return cluster;
  }

  private static int reportUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("shunt: " + usageMessage(e));
    err.println(
        suggestion(e).map(name -> "Did you mean '" + name + "'? ").orElse("")
            + ("Try '" + command.getCommandSpec().qualifiedName() + " --help'."));
    err.flush();
    return ExitCode.USAGE;
  }

  private static String usageMessage(ParameterException e) {
    if (isUnknownCommand(e)) {
      return "unknown command '" + ((UnmatchedArgumentException) e).getUnmatched().get(0) + "'";
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
  }

  private static boolean isUnknownCommand(ParameterException e) {
    return e instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && !e.getCommandLine().getSubcommands().isEmpty();
  }

  /** Picocli always finds something similar; only what begins alike is worth showing. */
  private static Optional<String> suggestion(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return Optional.empty();
    }
    String typed = unmatched.getUnmatched().get(0);
    String start = typed.substring(0, Math.min(typed.startsWith("--") ? 4 : 2, typed.length()));
    return unmatched.getSuggestions().stream()
        .map(name -> name.substring(name.lastIndexOf(' ') + 1))
        .filter(name -> name.startsWith(start))
        .findFirst();
  }

  private static int reportFailure(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    if (e instanceof CommandException failure) {
      err.println("shunt: " + e.getMessage());
      err.flush();
      return failure.exitCode();
    }
    err.println("shunt: internal error: " + e + "; SHUNT_DEBUG=1 shows where, please report it");
    if (System.getenv("SHUNT_DEBUG") != null) {
      e.printStackTrace(err);
    }
    err.flush();
    return ExitCode.CANNOT_RUN;
  }
}
