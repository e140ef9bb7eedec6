package dev.shunt.e2e.demo;

import dev.shunt.cli.CommandProvider;
import java.util.Collection;
import java.util.List;

/** Brings {@code shunt demo} to the command line. Main thread; keeps nothing. */
public final class DemoCommands implements CommandProvider {
  @Override
  public Collection<Object> commands() {
    return List.of(new DemoCommand());
  }
}
