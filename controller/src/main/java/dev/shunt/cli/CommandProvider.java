package dev.shunt.cli;

import java.util.Collection;

/**
 * Adds sub-commands to {@code shunt} from another module of the class path, through {@link
 * java.util.ServiceLoader}. Called once, on the main thread, before the command line is parsed.
 */
public interface CommandProvider {
  /**
   * Returns new command objects, each annotated with picocli's {@code @Command}. Constructing one
   * must be cheap: every start of {@code shunt} pays for it, whichever sub-command runs.
   */
  Collection<Object> commands();
}
