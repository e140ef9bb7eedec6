package dev.shunt.e2e.verify;

import dev.shunt.cli.CommandProvider;
import java.util.Collection;
import java.util.List;

/** Brings {@code shunt verify} to the command line. Main thread; keeps nothing. */
public final class VerifyCommands implements CommandProvider {
  @Override
  public Collection<Object> commands() {
    return List.of(new VerifyCommand());
  }
}
