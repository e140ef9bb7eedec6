package dev.shunt.cli;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
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

  private static int reportUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("shunt: " + firstLine(e.getMessage()));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    err.flush();
    return ExitCode.USAGE;
  }

  private static int reportFailure(Exception e, CommandLine command) throws Exception {
    if (!(e instanceof CannotRunException)) {
      throw e;
    }
    command.getErr().println("shunt: " + e.getMessage());
    command.getErr().flush();
    return ExitCode.CANNOT_RUN;
  }

  private static String firstLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("wrong usage");
  }
}
