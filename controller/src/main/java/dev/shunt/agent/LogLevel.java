package dev.shunt.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much the node logs; the names are Logback's. Immutable. */
enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG;

  /** Sets the level of Shunt's own loggers; libraries stay at WARN. */
  void apply() {
    ((Logger) LoggerFactory.getLogger("dev.shunt")).setLevel(Level.valueOf(name()));
  }
}
