package dev.shunt.agent;

import dev.shunt.cli.CommandProvider;
import java.util.Collection;
import java.util.List;

/** Adds {@code shunt node} and {@code shunt uninstall} to the command line. */
public final class NodeCommandProvider implements CommandProvider {
  @Override
  public Collection<Object> commands() {
    return List.of(new NodeCommand(), new UninstallCommand());
  }
}
