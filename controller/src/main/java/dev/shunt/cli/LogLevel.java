package dev.shunt.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much a process logs; the names are Logback's. Immutable. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG;

  /** Sets the level of Shunt's own loggers; libraries stay at WARN. */
  public void apply() {
    ((Logger) LoggerFactory.getLogger("dev.shunt")).setLevel(Level.valueOf(name()));
  }
}
