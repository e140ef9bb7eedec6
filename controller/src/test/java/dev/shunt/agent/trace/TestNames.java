package dev.shunt.agent.trace;

import java.util.Optional;
import java.util.OptionalLong;

/** Names for tests of what does not depend on them. */
final class TestNames {
  /** Nothing has one. */
  static final TraceNames NONE =
      new TraceNames(
          id -> "",
          name -> OptionalLong.empty(),
          namespace -> "",
          new TraceNames.Cgroups(id -> "", path -> Optional.empty()));

  private TestNames() {}
}
