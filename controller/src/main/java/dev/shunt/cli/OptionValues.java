package dev.shunt.cli;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Reads what options of a command mean; what is wrong becomes an error of usage. One thread, for
 * the time of a command.
 */
public final class OptionValues {
  private final CommandSpec spec;

  /** Of this command, once it was parsed. */
  public OptionValues(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("command was not parsed");
    }
    this.spec = spec;
  }

  /** What a reader makes of an option; an illegal argument becomes an error of usage. */
  public <T> T read(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (IllegalArgumentException bad) {
      throw usage(String.valueOf(bad.getMessage()));
    }
  }

  /** A port, or 0. */
  public int port(String option, int value) {
    return read(() -> HostPort.port(option, value));
  }

  /** Where to listen: {@code HOST:PORT}. */
  public InetSocketAddress listen(String option, String text) {
    HostPort given = read(() -> HostPort.at(option, text));
    return address(option, given.host(), given.port());
  }

  /** An address of this host. */
  public InetSocketAddress address(String option, String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw usage(option + ": '" + host + "' (expected: an address of this host)");
    }
    return address;
  }

  /** For other faults of the same kind. */
  public ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
